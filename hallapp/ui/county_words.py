"""Sentences for what a county's reports and bundles are refused for, by domain.county.CountyRefused.why."""

COUNTY = {
    "period": "起始日期 {where} 晚于截止日期 {more}，没有生成报表。请改好日期。",
    "form": "{where} 的结尾要是 .pdf 或 .xlsx。请改文件名。",
    "unknown": "数据库里没有这些服务厅：{where}。请核对代码。",
}
