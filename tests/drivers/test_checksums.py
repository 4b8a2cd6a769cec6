"""Check values of the published catalogue of checksums: of the ASCII digits 1 to 9."""

import pytest

from drivers import checksums

DIGITS = b"123456789"


@pytest.mark.parametrize(("make", "value"), [
    (checksums.crc16_arc, 0xBB3D), (checksums.crc16_modbus, 0x4B37), (checksums.crc16_xmodem, 0x31C3),
    (checksums.crc16_ccitt, 0x29B1), (checksums.sum8, 0xDD), (checksums.sum16, 0x1DD), (checksums.xor8, 0x31),
])
def test_the_known_check_values_come_out(make, value):
    assert make(DIGITS) == value


@pytest.mark.parametrize(("make", "value"), [
    (checksums.crc16_arc, 0), (checksums.crc16_modbus, 0xFFFF), (checksums.crc16_xmodem, 0),
    (checksums.crc16_ccitt, 0xFFFF), (checksums.sum8, 0), (checksums.xor8, 0),
])
def test_of_nothing_they_are_what_they_start_with(make, value):
    assert make(b"") == value
