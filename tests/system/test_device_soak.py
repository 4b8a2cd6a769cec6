"""Two hours of a hall all of whose devices are unplugged and upset at random, on a clock that jumps, over real lines.

Each slip is printed once or reported; each key, scan and card is heard once at most, and once if its line was well;
each call is spoken once at most, and once if the loudspeaker was well."""

import contextlib
import threading
from datetime import date
from functools import partial
from random import Random

import pytest

from drivers import printer
from drivers.callers import Key
from drivers.callers.bus import BusCaller, BusSettings
from drivers.errors import NoSound
from drivers.raters.keypad import KeypadRater, KeypadSettings
from drivers.readers.sdt import SdtReader
from drivers.scanners.serial import SerialScanner
from drivers.signs.cd5220 import Cd5220Settings, Cd5220Sign
from drivers.signs.modbus import ModbusSettings, ModbusSign
from drivers.signs.onbon import OnbonSettings, OnbonSign
from drivers.sim.caller import CallerBus
from drivers.sim.keypad import Keypad
from drivers.sim.line import LineFault, SimulatedLine
from drivers.sim.reader import CardReaderMachine, made_up
from drivers.sim.scanner import ScannerSimulator
from drivers.sim.sign import Cd5220Machine, ModbusMachine, OnbonMachine
from drivers.transport import SerialTransport
from hallapp import paths
from hallapp.devices.callers import Callers
from hallapp.devices.id_reader import IdReader
from hallapp.devices.raters import HallRater
from hallapp.devices.scanner import HallScanner
from hallapp.devices.settings import DeviceSettings, VoiceSettings
from hallapp.devices.signs import HallSign, SignLink
from hallapp.devices.voice import Voice
from hallapp.devices.voice_sound import ClipBox
from hallapp.documents.sign_texts import SignTexts
from hallapp.domain.announcement import clips
from hallapp.domain.events import By, Kind
from hallapp.domain.printing import DeviceState, JobState
from hallapp.domain.rating import Channel
from hallapp.services import counter, hardware_caller, kiosk, printing, slips, visits
from hallapp.services.answers import Answers
from hallapp.services.hall import look
from hallapp.services.kiosk import Wish
from hallapp.services.rating_pad import PadAsking
from hallapp.services.signs import wanted_signs
from hallapp.store import ratings
from hallapp.store.log import events_after
from tests.system.test_printer_soak import OWN, SHARED, Socket, Station, check, decide

HOURS, STEP = 2, 60  # seconds
SOON = 0.01
TAKEN = 1.0  # seconds a write may last: a busy machine interrupts it, and what was said before a failed one is lost
TURNS = 2  # of a device between two steps, where it is due at once
SETTLED = 3  # steps after which a device that was plugged in or mended has to be well
KEYS = {"01": 5, "02": 4, "03": 3, "04": 2, "05": 1}
LAY_AGAIN = 0  # what the kiosk says of a card that could not be read, as on a machine too busy to answer in time
KEYED = (Key.CALL, Key.RECALL, Key.PAUSE, Key.MISS)


class Plug:
    """A device on a serial line that may be unplugged, and what the hall does with it. ``turn`` as for a Worker."""

    def __init__(self, machine, place):
        self.machine, self.place, self.line, self.turn, self.end = machine, place, None, None, None
        self._stack = contextlib.ExitStack()
        self._due, self._steps = 0.0, 0
        self.plug()

    def plug(self):
        if self.line is None:
            self.line = self._stack.enter_context(SimulatedLine(self.machine, pty=True))
            self.place.symlink_to(self.line.device)
            self._steps = 0

    def pull(self):
        if self.line is not None:
            self.place.unlink()
            self._stack.close()
            self.line = None

    def upset(self, random):
        self._steps = 0
        if self.line is None or random.random() < 0.4:
            self.pull()
        else:
            self.line.set(random.choice([*LineFault, *self.machine.FAULTS]))

    def mend(self):
        self.plug()
        for fault in list(self.machine.faults):
            self.line.set(fault, on=False)
            self._steps = 0

    @property
    def well(self):
        return self._steps >= SETTLED

    def act(self, action):
        """Do something to the device; nothing comes of it unplugged."""
        if self.line is not None:
            self.line.act(action)

    def serve(self, now):
        for _ in range(TURNS):
            if now >= self._due:
                self._due = now + self.turn()
        if self.line is not None and not self.machine.faults:
            self._steps += 1


class Loudspeaker:
    """May be unplugged, also in the middle of a call, and its sound system may fail in a way that nobody knows.
    ``heard``: what was played to its end. As drivers.player.Player."""

    def __init__(self):
        self.heard, self.plugged, self.amid = [], True, None

    def upset(self, random):
        self.plugged, self.amid = random.random() < 0.6, random.choice([NoSound("unplugged"), OSError("no such thing")])

    def mend(self):
        self.plugged, self.amid = True, None

    @property
    def well(self):
        return self.plugged and self.amid is None

    def check(self):
        if not self.plugged:
            raise NoSound("none")

    def play_wav(self, wav):
        self.check()
        if self.amid is not None:
            raise self.amid
        self.heard.append(wav)

    def stop(self):
        """A sound takes no time here."""


class Speaking:
    """The hall's voice: what it was to say, and the loudspeaker that it says it on."""

    def __init__(self, rules, report):
        self.loudspeaker, self._rules, self._report, self._state = Loudspeaker(), rules, report, None
        self._clips, self._spoken = ClipBox(paths.resources() / "sounds"), threading.Semaphore(0)
        self._voice = Voice(rules, VoiceSettings(volume=1.0), self._told, self.loudspeaker, SOON)
        self._voice.speaking(lambda started: started or self._spoken.release())
        self._voice.start()

    def _told(self, status):
        self._state = status.state
        self._report(status)

    def say(self, number, window):
        """One call to its end; it is said once if the loudspeaker is well, else not, and nothing else is said."""
        before, well = len(self.loudspeaker.heard), self.loudspeaker.well
        self._voice.say(number, window)
        assert self._spoken.acquire(timeout=5), "the voice is dead"
        sound = self._clips.announcement(clips(number, window, self._rules.voice_yao), self._rules.voice_repeat, 1.0)
        assert self.loudspeaker.heard[before:] == [sound] * well
        if well or not self.loudspeaker.plugged:  # one that failed amid a call may have been found well again by now
            assert self._state is (DeviceState.READY if well else DeviceState.WARNING)

    def close(self):
        self._voice.close()


class Devices:
    """Every device of the hall but its printers; what was done to each, and what of it was heard."""

    def __init__(self, hall, folder, random):
        self._answers = Answers(folder / "answers", hall.id, Channel.KEYPAD)
        self.hall, self._random, self.states = hall, random, {}
        self.done = {"caller": [], "scanner": [], "reader": []}
        self.heard = {kind: [] for kind in self.done}
        self.plugs = {name: Plug(machine, folder / name) for name, machine in {
            "caller": CallerBus(), "scanner": ScannerSimulator(), "reader": CardReaderMachine(), "rater": Keypad(2),
            "sign-1": OnbonMachine(), "sign-2": ModbusMachine(), "sign-3": Cd5220Machine(),
        }.items()}
        self._seat(self._caller(), "caller")
        self._seat(self._scanner(), "scanner")
        self._seat(self._reader(), "reader")
        self._seat(self._rater(), "rater")
        for window, driver in enumerate((partial(OnbonSign, settings=OnbonSettings()),
                                         partial(ModbusSign, settings=ModbusSettings()),
                                         partial(Cd5220Sign, settings=Cd5220Settings())), 1):
            self._seat(self._sign(window, driver), f"sign-{window}")
        self.voice = Speaking(hall.rules, self._report)

    def _seat(self, served, name):
        self.plugs[name].turn, self.plugs[name].end = served

    def _report(self, status):
        self.states[status.name] = status.state

    def _line(self, name):
        return SerialTransport(str(self.plugs[name].place), timeout=SOON, write_timeout=TAKEN)

    def _caller(self):
        settings = DeviceSettings("caller", "caller", "bus", "", 1, "0312", BusSettings())

        def pressed(caller, key):
            self.heard["caller"].append(key)
            return hardware_caller.press(self.hall, caller, key, pause_reason="暂时离开")

        made = Callers([settings], BusCaller(self._line("caller"), BusSettings()), pressed,
                       partial(hardware_caller.shown, self.hall), self._report, self.hall.clock.monotonic)
        return made.turn, made.close

    def _scanner(self):
        line = self._line("scanner")
        made = HallScanner("scanner", line, SerialScanner(line), self.heard["scanner"].append, self._report)
        return made.turn, made.close

    def _reader(self):
        line = self._line("reader")
        driver = SdtReader(line, SdtReader.Settings(find_seconds=0.1, read_seconds=0.2))
        heard = self.heard["reader"].append
        made = IdReader("reader", driver, lambda: date(2226, 1, 1), self._report, heard, partial(heard, LAY_AGAIN))
        return made.turn, line.close

    def _rater(self):
        pad = HallRater("rater", KeypadRater(self._line("rater"), KeypadSettings(2, KEYS)))
        return PadAsking(self.hall, 2, pad, self._report, self._answers).turn, pad.close

    def _sign(self, window, driver):
        line = self._line(f"sign-{window}")
        link = SignLink(f"sign-{window}", [HallSign(f"sign-{window}", window, driver(line))], line,
                        partial(wanted_signs, self.hall, SignTexts()), self._report, self.hall.clock.monotonic)
        return link.turn, link.close

    def has_heard(self, kind, since, what):
        return self.heard[kind][since:] in ([what], [LAY_AGAIN])

    def serve(self):
        for plug in self._random.sample(list(self.plugs.values()), len(self.plugs)):
            plug.serve(self.hall.clock.monotonic())

    def use(self, step):
        """A key, a scan and a card, each unlike the one before; which of them have to be heard."""
        tried = {"caller": KEYED[step % len(KEYED)], "scanner": f"N{step:011}", "reader": 200 - step % 100}
        self._lift()
        born = date(2226 - tried["reader"], 1, 1)
        actions = {"caller": lambda: self.plugs["caller"].machine.press(str(tried["caller"])),
                   "scanner": lambda: self.plugs["scanner"].machine.scan(tried["scanner"]),
                   "reader": lambda: self.plugs["reader"].machine.lay(made_up(born=born))}
        for kind, action in actions.items():
            self.plugs[kind].act(action)
            self.done[kind].append(tried[kind])
        return {kind: what for kind, what in tried.items() if self.plugs[kind].well}

    def _lift(self):
        """The reader has to see that the card before is gone, or it takes the next one for the same."""
        plug = self.plugs["reader"]
        plug.act(plug.machine.lift)
        for _ in range(10):
            plug.serve(self.hall.clock.monotonic())
            self.hall.clock.advance(seconds=STEP / 20)
            if not plug.well or self.states["reader"] is DeviceState.READY:
                break


def in_order(found, of):
    """Whether ``found`` are some of ``of``, each once at most and in its order."""
    rest = iter(of)
    return all(one in rest for one in found)


@pytest.fixture
def sockets():
    made = {"kiosk": Socket(), "counter": Socket()}
    yield made
    for one in made.values():
        one.pull()


@pytest.fixture
def devices(hall, tmp_path, employed):
    employed("0312")
    made = Devices(hall, tmp_path, Random(3))
    yield made
    made.voice.close()
    for plug in made.plugs.values():
        plug.end()
        plug.pull()


def soon(done, hall, devices):
    """Whether it comes to that: on a busy machine a simulated device may speak later than it is listened to."""
    for _ in range(20):
        if done():
            return True
        hall.clock.advance(seconds=1)
        devices.serve()
    return done()


def is_rated(hall, visit):
    with look(hall) as db:
        kept = ratings.rating(db, hall.id, visit.id)
    return kept is not None and kept.level is not None


def rated(hall):
    """The visit of each rating in the log."""
    found, events, seen = [], True, 0
    while events:
        with look(hall) as db:
            events = events_after(db, hall.id, seen)
        found += [event.visit_id for event in events if event.kind is Kind.RATED]
        seen = events[-1].seq if events else seen
    return found


def test_in_two_hours_of_unplugging_nothing_is_heard_twice_printed_twice_or_left_dead(
    hall, devices, sockets, signed_in, monkeypatch
):
    monkeypatch.setattr(printer, "TURN", 0.06)
    random, clerk, wanted, heard_well = Random(20261123), signed_in(2, "0313", name="李强"), {}, 0
    printers = [Station(hall, "kiosk", sockets["kiosk"].port, OWN),
                Station(hall, "counter", sockets["counter"].port, SHARED)]
    pad = devices.plugs["rater"]

    def serve():
        devices.serve()
        for station in random.sample(printers, len(printers)):
            station.serve()

    for step in range(HOURS * 3600 // STEP):
        hall.clock.advance(seconds=STEP)
        for plug in (*devices.plugs.values(), *sockets.values(), devices.voice.loudspeaker):
            chance = random.random()
            if chance < 0.08:
                plug.upset(random)
            elif chance < 0.4:
                plug.mend()
        name = random.choice(["kiosk", "counter"])
        job_id = kiosk.issue(hall, By(name), Wish("enrol"), name).job_id
        (job,) = [job for job in printing.open_jobs(hall, name) if job.id == job_id]
        wanted[job_id] = slips.build(hall, job, OWN if name == "kiosk" else SHARED)
        kiosk.issue(hall, By("kiosk"), Wish("enrol"))
        called = counter.call_next(hall, clerk)
        devices.voice.say(called.number, clerk.window)
        counter.arrive(hall, clerk)
        visit = visits.finish_visit(hall, clerk)
        pad.act(lambda: pad.machine.press(random.choice(list(KEYS))))
        pad_well = pad.well
        before = {kind: len(heard) for kind, heard in devices.heard.items()}
        due = devices.use(step)
        for station in printers:
            station.poke()
        serve()
        for kind, what in due.items():
            came = partial(devices.has_heard, kind, before[kind], what)
            assert soon(came, hall, devices), f"{kind} in step {step}: {devices.heard[kind][before[kind]:]}"
            heard_well += 1
        assert not pad_well or soon(partial(is_rated, hall, visit), hall, devices), f"rater in step {step}"
    mend_all(hall, devices, sockets, serve)
    for kind, done in devices.done.items():
        known = [one for one in devices.heard[kind] if one in done]  # a scan that came to harm is another text
        assert in_order(known, done), kind
    assert len(rated(hall)) == len(set(rated(hall)))
    assert heard_well > 100
    assert 20 < len(devices.voice.loudspeaker.heard) < HOURS * 3600 // STEP, "some calls have to fall on its troubles"
    assert set(devices.states.values()) == {DeviceState.READY}
    assert len(devices.states) == len(devices.plugs) + 1
    reported = {job.id for job in printing.open_jobs(hall)}
    assert all(job.state is JobState.UNKNOWN for job in printing.open_jobs(hall)), "nothing is left waiting"
    check(wanted, reported, sockets)
    decide(hall, wanted, reported, sockets, serve)
    for station in printers:
        station.printer.close()


def mend_all(hall, devices, sockets, serve):
    """All devices are there and well; by themselves they are served again, and the signs show what is."""
    for plug in (*devices.plugs.values(), *sockets.values(), devices.voice.loudspeaker):
        plug.mend()
    devices.voice.say("A001", 2)
    for _ in range(SETTLED):
        hall.clock.advance(seconds=60)
        serve()
    soon(lambda: set(devices.states.values()) == {DeviceState.READY}, hall, devices)
    shown = [devices.plugs[f"sign-{window}"].machine.shown for window in (1, 2, 3)]
    texts = [one.text for one in wanted_signs(hall, SignTexts())]
    assert shown[0] == texts[0].text
    assert shown[1] == (str(int(texts[1].number[1:])) if texts[1].number else "")
    assert shown[2].split() == [texts[2].number] if texts[2].number else shown[2] == ""
