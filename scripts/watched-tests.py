#!/usr/bin/env python3
"""Runs one process of tests and shows what it says, without the lines that only name a start.

A test that waits for ever would hold up everybody: after --silence seconds without a word the
process is ended with SIGABRT, so that it prints the stacks of its threads, and the tests that
had started and not ended are named.
"""
import argparse
import os
import re
import selectors
import signal
import subprocess
import sys
import time

START = "◇"
WORDS = ("✔", "✘", "➜", "↳", "⚠", "*** ")
TITLE = re.compile(r'(Test|Suite) ("(?:[^"\\]|\\.)*"|\S+)')


class Watch:
    """Which tests have started and not ended, and whether a line is for people."""

    def __init__(self):
        self.running = {}
        self.is_start = False

    def take(self, line):
        if line.startswith(START):
            self.is_start = True
            if found := TITLE.search(line):
                if " started" in line:
                    self.running[found.group(0)] = self.running.get(found.group(0), 0) + 1
        elif line.startswith(WORDS) or "Fatal error" in line:
            self.is_start = False
            found = TITLE.search(line)
            if found and re.search(r" (passed|failed|skipped|cancelled)", line):
                left = self.running.get(found.group(0), 0) - 1
                if left > 0:
                    self.running[found.group(0)] = left
                else:
                    self.running.pop(found.group(0), None)
        return not self.is_start


def end(process):
    """Asks the whole group for its stacks, then ends it."""
    for number, patience in ((signal.SIGABRT, 60), (signal.SIGKILL, 10)):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--log", required=True)
    parser.add_argument("--silence", type=float, required=True)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    command = arguments.command[1:] if arguments.command[:1] == ["--"] else arguments.command

    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        env=os.environ | {"SWIFT_BACKTRACE": "enable=yes,threads=all,interactive=no,color=no"})
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: (end(process), sys.exit(1)))
    os.set_blocking(process.stdout.fileno(), False)
    watch, rest, last_word, was_ended = Watch(), b"", time.monotonic(), False
    selector = selectors.DefaultSelector()
    selector.register(process.stdout, selectors.EVENT_READ)
    with open(arguments.log, "ab") as log:
        while True:
            if selector.select(timeout=5):
                read = process.stdout.read()
                if read == b"":
                    break
                last_word = time.monotonic()
                log.write(read or b"")
                log.flush()
                *lines, rest = (rest + (read or b"")).split(b"\n")
                for line in (bytes_.decode(errors="replace") for bytes_ in lines):
                    if watch.take(line):
                        print(line, flush=True)
            elif process.poll() is not None:
                break  # It has gone; what still holds its output is not ours to wait for.
            elif time.monotonic() - last_word > arguments.silence and not was_ended:
                was_ended = True
                print(f"test: no word for {arguments.silence:.0f} s, ended. Still running:")
                for name in sorted(watch.running):
                    print(f"test:   {name}", flush=True)
                end(process)
    sys.exit(1 if was_ended else min(abs(process.wait()), 255))


main()
