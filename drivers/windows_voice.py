"""The Chinese voice of Windows, through PowerShell and System.Speech, which every Windows has: no library needed.

Written from Microsoft's documentation of System.Speech.Synthesis; not tried on a Windows PC.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from drivers.errors import NoVoice

SECONDS = 15.0  # PowerShell alone takes some on an old PC
NO_VOICE = 3  # the script's exit status

# What is said comes in by environment variables, whose encoding Windows keeps and which no quoting can break. What went
# wrong goes out by a file in UTF-8: on its error output PowerShell wraps it in XML, in the console's own encoding.
SCRIPT = f"""
$ErrorActionPreference = 'Stop'
trap {{ [IO.File]::WriteAllText($env:HALL_WRONG, $_.Exception.Message); exit 1 }}
Add-Type -AssemblyName System.Speech
$speaker = New-Object System.Speech.Synthesis.SpeechSynthesizer
$voice = $speaker.GetInstalledVoices() | Where-Object {{ $_.Enabled -and $_.VoiceInfo.Culture.Name -eq 'zh-CN' }} |
    Select-Object -First 1
if (-not $voice) {{ exit {NO_VOICE} }}
$speaker.SelectVoice($voice.VoiceInfo.Name)
$speaker.Volume = [int]$env:HALL_VOLUME
$format = New-Object System.Speech.AudioFormat.SpeechAudioFormatInfo([int]$env:HALL_RATE, 'Sixteen', 'Mono')
$speaker.SetOutputToWaveFile($env:HALL_FILE, $format)
$speaker.Speak($env:HALL_TEXT)
$speaker.Dispose()
"""


def command(powershell: str) -> list[str]:
    """Runs the script without a window, a profile or a policy in its way."""
    coded = base64.b64encode(SCRIPT.encode("utf-16-le")).decode()
    return [powershell, "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-EncodedCommand", coded]


def speak(text: str, volume: float, rate: int) -> bytes:
    """A WAV, 16-bit mono of ``rate``, of ``text`` spoken in Chinese, ``volume`` 0 to 1. Raises NoVoice."""
    powershell = shutil.which("powershell")
    if powershell is None:
        raise NoVoice("there is no PowerShell on this PC")
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        file, wrong = Path(folder) / "spoken.wav", Path(folder) / "wrong.txt"
        said = {"HALL_TEXT": text, "HALL_FILE": str(file), "HALL_RATE": str(rate), "HALL_WRONG": str(wrong),
                "HALL_VOLUME": str(round(min(1.0, max(0.0, volume)) * 100))}
        try:
            done = subprocess.run(command(powershell), env={**os.environ, **said}, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=SECONDS, check=False,
                                  creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0))
            if done.returncode == NO_VOICE:
                raise NoVoice("no zh-CN voice is installed")
            if done.returncode:
                why = wrong.read_text("utf-8", errors="replace").strip() if wrong.exists() else ""
                raise NoVoice(why[:200] or f"status {done.returncode}")
            return file.read_bytes()
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoVoice(str(error)) from error
