"""Frames of Onbon cards that other people captured or quoted, as facts. Each is given with where it was read.

A: github, a BX-4K library in C (BX4K.c, comments) · B: a parking guidance program (LED.h, comments) · C: a water-level
station's display board (arrays and comments) · D: a weather station's uploads (OCEANUS tests).
"""

HEAD = "A5 A5 A5 A5 A5 A5 A5 A5 01 00 00 80 00 00 00 00 00 00 FE 02 "


def whole(rest):
    return bytes.fromhex(HEAD + rest)


PING = whole("05 00 A2 00 01 00 00 68 F8 5A")  # A, B, C
STATUS = whole("05 00 A1 02 01 00 00 2D 40 5A")  # A, C
CLEAR = whole("05 00 A3 10 01 00 00 51 F8 5A")  # A
SET_CLOCK = whole("0D 00 A2 03 01 08 00 13 20 01 25 11 17 26 05 B0 3F 5A")  # C
BRIGHTNESS = whole("07 00 A3 02 01 02 00 01 0C 26 2D 5A")  # C
BEGIN_FILE = whole("0E 00 A1 05 01 00 00 01 50 30 30 30 49 00 00 00 E2 16 5A")  # B
LOCK = whole("0B 00 A3 04 01 06 00 00 01 50 30 30 30 42 6A 5A")  # B
UNLOCK = whole("0B 00 A3 04 01 06 00 00 00 50 30 30 30 7F AA 5A")  # B
DELETE_ALL = whole("07 00 A3 06 01 02 00 FF 00 67 CC 5A")  # C
DIGITS = whole(  # A, B: "012345QRSTTV'B", running to the left
    "32 00 A3 06 01 2D 00 00 01 29 00 00 00 00 00 00 18 00 20 00 00 00 00 02 00 00 00 00 02 02 03 00 04 05 "
    "0E 00 00 00 30 31 32 33 34 35 51 52 53 54 54 56 27 42 A8 7D 5A")
TEMPERATURE = whole(  # D
    "35 00 A3 06 02 00 00 00 01 2C 00 00 00 00 0C 00 40 00 0C 00 01 0A 01 02 00 00 00 00 01 01 01 00 17 02 "
    "11 00 00 00 5C 46 4F 30 30 30 54 45 4D 50 45 52 3A 32 31 A1 E6 82 DA 5A")
HUMIDITY = whole(  # D
    "33 00 A3 06 02 00 00 00 01 2A 00 00 00 00 18 00 40 00 0C 00 01 0A 01 02 00 00 00 00 01 01 01 00 17 02 "
    "0F 00 00 00 5C 46 4F 30 30 30 48 55 4D 3A 36 36 25 52 48 36 7A 5A")
SPACES = whole(  # D
    "2C 00 A3 06 02 00 00 00 01 23 00 00 00 00 24 00 40 00 0C 00 01 0A 01 02 00 00 00 00 01 01 01 00 17 02 "
    "08 00 00 00 5C 46 4F 30 30 30 20 20 DA F6 5A")
PRESSURE = whole(  # D
    "3A 00 A3 06 02 00 00 00 01 31 00 00 00 00 24 00 0C 00 0C 00 02 0A 01 02 00 00 00 00 01 01 01 00 17 02 "
    "16 00 00 00 5C 46 4F 30 30 30 41 49 52 50 52 45 3A 31 30 31 36 2E 30 68 50 61 4A 72 5A")
ACK = bytes.fromhex("A5 A5 A5 A5 A5 A5 A5 A5 00 80 01 00 00 00 00 00 00 00 FE 02 05 00 A0 00 00 00 00 64 DC 5A")  # C

# Data without frame and checksum.
BLANK_DATA = bytes.fromhex(  # C: an area with its tags and no text
    "A3 06 01 28 00 00 01 24 00 00 00 00 00 00 60 00 40 00 00 00 00 02 00 00 00 00 02 02 01 00 00 0A "
    "09 00 00 00 5C 46 4F 30 30 30 5C 43 31")
TWO_AREAS_DATA = bytes.fromhex(  # C: one area with text, one without; 98 bytes follow the count, 0x62
    "A3 06 01 62 00 00 02 38 00 00 00 00 08 00 14 00 48 00 00 00 00 02 00 00 00 00 02 02 01 00 00 0A 1D 00 00 "
    "00 5C 46 4F 30 30 31 5C 43 31 BB B6 D3 AD CA B9 D3 C3 D1 E0 D3 ED D2 A3 B2 E2 C9 E8 B1 B8 24 00 00 00 00 "
    "00 00 14 00 08 00 01 00 00 02 00 00 00 00 02 02 01 00 00 0A 09 00 00 00 5C 46 4F 30 30 31 5C 43 31")

COMMANDS = (PING, STATUS, CLEAR, SET_CLOCK, BRIGHTNESS, BEGIN_FILE, LOCK, UNLOCK, DELETE_ALL)
UPDATES = (DIGITS, TEMPERATURE, HUMIDITY, SPACES, PRESSURE)
