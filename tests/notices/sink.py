"""A mail server that takes everything, except for the addresses it was told to refuse."""

import email
import socketserver
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Sink:
    port: int = 0
    taken: list[tuple[str, str]] = field(default_factory=list)  # (recipient, Message-ID)
    refuses: set[str] = field(default_factory=set)
    dislikes: str = ""  # a word for which it refuses a message
    answers_after: float = 0  # seconds between taking a message and saying so


class Session(socketserver.StreamRequestHandler):
    server: "Server"

    def handle(self) -> None:
        sink, to = self.server.sink, ""
        self.say("220 sink")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                self.say("550 no such mailbox" if to in sink.refuses else "250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                message = email.message_from_bytes(self.body())
                said = message.get_payload(decode=True).decode()
                if sink.dislikes and sink.dislikes in said:
                    self.say("554 not such words")
                    continue
                with self.server.turn:
                    sink.taken.append((to, message["Message-ID"]))
                time.sleep(sink.answers_after)
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def body(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, sink: Sink) -> None:
        self.sink, self.turn = sink, threading.Lock()
        super().__init__(("127.0.0.1", 0), Session)


def listening():
    return serving(Server, Sink())


@contextmanager
def serving(server_class, sink):
    """A server on a free port of this machine, in a thread; ``sink`` learns the port."""
    with server_class(sink) as server:
        sink.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield sink
        finally:
            server.shutdown()
            thread.join(10)
