import io
import wave
from array import array

import pytest

from drivers import speech
from drivers.errors import BadClip


@pytest.fixture
def clip(tmp_path):
    def write(name, samples, rate=1000, channels=1, width=2):
        with wave.open(str(tmp_path / f"{name}.wav"), "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(width)
            file.setframerate(rate)
            file.writeframes(array("h" if width == 2 else "b", samples).tobytes())

    return write


def heard(wav):
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return file.getframerate(), array("h", file.readframes(file.getnframes())).tolist()


def test_clips_are_joined_in_order_with_gaps_between_them(tmp_path, clip):
    clip("请", [1, 2, 3])
    clip("A", [4])
    assert heard(speech.join(tmp_path, ["请", "A", "A"], gap=0.002)) == (1000, [1, 2, 3, 0, 0, 4, 0, 0, 4])


@pytest.mark.parametrize(
    ("volume", "samples"), [(1, [1000, -32768]), (0.5, [500, -16384]), (0, [0, 0]), (7, [1000, -32768])]
)
def test_volume_scales_and_never_overdrives(tmp_path, clip, volume, samples):
    clip("A", [1000, -32768])
    assert heard(speech.join(tmp_path, ["A"], volume=volume))[1] == samples


def test_a_missing_clip_is_named_with_its_file(tmp_path, clip):
    clip("A", [1])
    with pytest.raises(BadClip, match=r"7\.wav is missing"):
        speech.join(tmp_path, ["A", "7"])


@pytest.mark.parametrize(
    ("settings", "reason"),
    [({"channels": 2}, "not 16-bit mono"), ({"width": 1}, "not 16-bit mono"), ({"rate": 8000}, "8000 Hz")],
)
def test_a_clip_of_another_kind_is_named(tmp_path, clip, settings, reason):
    clip("A", [1, 2])
    clip("B", [1, 2], **settings)
    with pytest.raises(BadClip, match=rf"B\.wav.*{reason}"):
        speech.join(tmp_path, ["A", "B"])


@pytest.mark.parametrize("content", [b"", b"no sound at all"])
def test_a_file_that_is_no_sound_is_named(tmp_path, content):
    (tmp_path / "A.wav").write_bytes(content)
    with pytest.raises(BadClip, match=r"A\.wav cannot be read"):
        speech.join(tmp_path, ["A"])


def test_a_recording_without_a_sound_is_named(tmp_path, clip):
    clip("A", [])
    with pytest.raises(BadClip, match=r"A\.wav is empty"):
        speech.join(tmp_path, ["A"])


def test_a_file_whose_parts_do_not_fit_it_is_named(tmp_path, clip):
    clip("A", [1, 2, 3])
    whole = bytearray((tmp_path / "A.wav").read_bytes())
    whole[16] = 0xF4  # the length of its format
    (tmp_path / "A.wav").write_bytes(whole)
    with pytest.raises(BadClip, match=r"A\.wav cannot be read"):
        speech.join(tmp_path, ["A"])


def test_a_clip_that_is_a_folder_is_named(tmp_path):
    (tmp_path / "A.wav").mkdir()
    with pytest.raises(BadClip, match=r"A\.wav cannot be read"):
        speech.join(tmp_path, ["A"])


def test_an_announcement_of_nothing_is_a_mistake(tmp_path):
    with pytest.raises(ValueError, match="at least one"):
        speech.join(tmp_path, [])
