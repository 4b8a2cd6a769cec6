"""Sentences for what a county's reports and bundles are refused for, by domain.county.CountyRefused.why."""

COUNTY = {
    "period": "起始日期 {where} 晚于截止日期 {more}，没有生成报表。请改好日期。",
    "form": "{where} 的结尾要是 .pdf 或 .xlsx。请改文件名。",
    "key_file": "{where} 不是服务厅的公钥文件，或已损坏。请向服务厅重新要。",
    "key_unread": "{where} 读不出来，没有登记。请检查 U 盘和文件名。",
    "own_key": "{where} 不是签名密钥，或已损坏。请从备份恢复它；没有备份就删掉它，重新导出，再请上级登记新的公钥。",
    "borders": "{where} 已损坏，没有导出。请从备份恢复它；没有备份就删掉它，重新导出。",
    "not_over": "{where} 还没有过完，没有导出。请在过完以后再导出。",
    "broken": "本厅的事件日志从第 {where} 条起被改动过，没有导出。请联系维护人员。",
    "archived": "{where} 至 {more} 的事件已经归档，不在数据库里，没有导出。请先用 hallapp server unarchive 取回。",
    "unread": "{where} 读不出来，没有导入。请检查 U 盘和文件名。",
    "no_bundle": "{where} 不是数据包，没有导入。请选服务厅导出的 .hallbundle 文件。",
    "no_key": "还没有登记服务厅 {where} 的公钥，没有导入。请先用 hallapp county trust 登记。",
    "seal": "{where} 的签名不对：它不是服务厅 {more} 签的，或者被改动、截断过。没有导入，请向服务厅重新要。",
    "shape": "{where} 的内容不合格式，没有导入。请核对服务厅的程序版本。",
    "other_key": "服务厅 {where} 已登记另一把公钥（指纹 {more}），没有改动。请打电话核对："
                 "确是这个厅换了电脑或密钥，请加 --replace；"
                 "是另一个厅用了同样的代码，请那个厅在开业前改 hall.toml 里的 id。",
    "closed": "服务厅 {where} 已于 {more} 停用，没有导入。要重新启用，请运行 hallapp halls add。",
    "works_here": "服务厅 {where} 直接在这个数据库里办理业务，不能再导入它的数据包。",
    "overlap": "{where} 与已导入的数据包重叠（已导入到 {more}），没有导入。"
               "请让服务厅用 export-bundle --day 逐日导出 {more} 以后的各天。",
    "gap": "{where} 前面还缺这些日期（和事件）：{more}，没有导入。请先导入缺的数据包。",
    "history": "{where} 与已导入的数据包不是同一份业务记录（服务厅可能恢复过备份），没有导入。请联系维护人员。",
    "differs": "{where} 导入后算出的数字与服务厅的不一致（{more}），没有导入。请联系维护人员。",
    "unknown": "数据库里没有这些服务厅：{where}。请核对代码。",
}
