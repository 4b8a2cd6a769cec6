"""Stand-ins for the commands of CUPS: real programs on the PATH that behave as lp, lpstat and cancel do."""

import sys
from pathlib import Path

LP = '''#!{python}
import shutil, sys, time
from pathlib import Path
log = Path({folder!r})
words = sys.argv[1:]
with (log / "lp.log").open("a") as out:
    out.write(" ".join(words[: words.index("--") + 1]) + "\\n")
name = words[words.index("-d") + 1]
if name == "broken":
    sys.exit("lp: The printer or class does not exist.")
if name == "mute":
    sys.exit(3)
(log / "begun").touch()
while name == "stuck" or (name == "slow" and not (log / "go on").exists()):
    time.sleep(0.01)
for copy, file in enumerate(words[words.index("--") + 1 :], 1):
    shutil.copyfile(file, log / f"printed-{{copy}}.pdf")
print(f"请求 ID 为 {{name}}-8（1 个文件）")  # once all of it was taken, and in the language of the PC
'''
LPSTAT = '''#!{python}
import sys
print({names!r} if sys.argv[1] == "-e" else {usual!r})
'''
CANCEL = '''#!{python}
import sys
from pathlib import Path
(Path({folder!r}) / "cancelled").write_text(sys.argv[1])
'''


def install(folder: Path, names=("upstairs", "office"), usual="office"):
    """Puts the three programs into ``folder``, to be put first on the PATH."""
    folder.mkdir(exist_ok=True)
    values = {
        "python": sys.executable, "folder": str(folder), "names": "\n".join(names),
        "usual": f"system default destination: {usual}" if usual else "no system default destination",
    }
    for name, text in (("lp", LP), ("lpstat", LPSTAT), ("cancel", CANCEL)):
        (folder / name).write_text(text.format(**values))
        (folder / name).chmod(0o755)
