"""A device's thread: it takes its turns, outlives errors, and ends when told."""

from __future__ import annotations

from threading import Event, current_thread

from hallapp.devices.worker import Worker


def run(turn, poked, failed=None, ended=None):
    worker = Worker("printer-test", turn, poked, failed or (lambda error: None), ended or (lambda: None))
    worker.start()
    return worker


def test_a_poke_brings_the_next_turn_at_once():
    turns, poked = [], Event()
    two = Event()

    def turn():
        turns.append(1)
        if len(turns) == 2:
            two.set()
        return 3600.0

    worker = run(turn, poked)
    poked.set()
    assert two.wait(5)
    worker.close()


def test_a_turn_that_wants_to_go_on_is_taken_again_without_a_poke():
    turns, three = [], Event()

    def turn():
        turns.append(1)
        if len(turns) == 3:
            three.set()
        return 0.0 if len(turns) < 3 else 3600.0

    worker = run(turn, Event())
    assert three.wait(5)
    worker.close()


def test_an_error_is_told_and_the_worker_goes_on():
    errors, told, poked, again = [], Event(), Event(), Event()

    def turn():
        if not errors:
            raise OSError("unplugged")
        again.set()
        return 3600.0

    def failed(error):
        errors.append(error)
        told.set()

    worker = run(turn, poked, failed)
    assert told.wait(5)
    poked.set()
    assert again.wait(5)
    assert [str(error) for error in errors] == ["unplugged"]
    worker.close()


def test_closing_ends_the_thread_and_closes_the_device_last():
    ended = []
    worker = run(lambda: 3600.0, Event(), ended=lambda: ended.append(1))
    worker.close()
    assert ended == [1]


def test_what_is_asked_of_a_device_runs_in_its_own_thread_before_the_next_turn():
    poked, order, done = Event(), [], Event()

    def turn():
        order.append("turn")
        done.set()
        return 60.0

    worker = Worker("asked", turn, poked, order.append, lambda: None)
    worker.ask(lambda: order.append(current_thread().name))
    worker.start()
    assert done.wait(5)
    worker.close()
    assert order[:2] == ["asked", "turn"]


def test_a_request_that_fails_is_told_and_the_worker_goes_on():
    poked, failures, turned = Event(), [], Event()

    def fail():
        raise RuntimeError("no")

    def turn():
        turned.set()
        return 60.0

    worker = Worker("asked", turn, poked, failures.append, lambda: None)
    worker.PAUSE = 0.01
    worker.ask(fail)
    worker.start()
    assert turned.wait(5)
    worker.close()
    assert [str(error) for error in failures] == ["no"]
