import pytest

from drivers.link import make_link
from drivers.readers.sdt import SdtReader
from drivers.sim.line import SimulatedLine
from drivers.sim.reader import CardReaderMachine

QUICK = SdtReader.Settings(find_seconds=0.4, read_seconds=0.5)


@pytest.fixture
def line():
    """A simulated reader on a serial line and on TCP."""
    with SimulatedLine(CardReaderMachine(), pty=True) as served:
        yield served


@pytest.fixture
def connect():
    """``connect(link)``: an SdtReader at that link that does not wait for long."""
    links = []

    def made(link):
        links.append(make_link(link, SdtReader.baudrate, timeout=0.1))
        return SdtReader(links[-1], QUICK)

    yield made
    for link in links:
        link.close()


@pytest.fixture
def reader(line, connect):
    return connect(line.device)
