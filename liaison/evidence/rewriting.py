"""Writes a recording anew: run as a process of its own, on one file, and then gone.

    python -I rewriting.py {matroska|mp4} MOST_SECONDS OUT < FILE

It decodes what comes from outside with a library in C, so it knows nothing of us (neither settings
nor the environment, and no import of ours), may take only so much memory and time, and a crash of
it is one file refused. Says one line of JSON: {"seconds": …} with OUT written, or {"refused":
code}.
"""

import io
import json
import resource
import sys
from fractions import Fraction

import av

# Of each container the one codec that recorders of browsers put into it.
CODECS = {"matroska": "opus", "mp4": "aac"}
# Speech: everything that a voice has, in a quarter of a megabyte a minute.
RATE = 24_000
BITS_PER_SECOND = 32_000
MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 60
LARGEST_OUT = 16 * 1024 * 1024


class Refusal(Exception):  # noqa: N818  # no error: an answer
    """With the code as its only argument."""


def rewrite(data: bytes, container: str, most_seconds: int, out: str) -> Fraction:
    """Write the recording in ``data`` to the path ``out``: mono AAC in MP4, what is needed to play
    it at the front, no metadata. Returns its length in seconds.

    Raises Refusal("wrong_type") for anything but one audio stream of the container's codec,
    Refusal("too_long") once more than ``most_seconds`` have been decoded, whatever the header says,
    Refusal("unreadable_file") for no sound at all, and whatever ``av`` raises on broken data.
    """
    only = {
        # Nothing else is tried, not even to find out what is in a stream.
        "format_whitelist": ",".join(("matroska", "webm", "mov", "mp4")),
        "codec_whitelist": CODECS[container],
        # A file must not have others opened.
        "protocol_whitelist": "none",
    }
    with av.open(
        io.BytesIO(data), "r", format=container, options=only, metadata_errors="ignore"
    ) as heard:
        if len(heard.streams) != 1 or len(heard.streams.audio) != 1:
            raise Refusal("wrong_type")
        sound = heard.streams.audio[0]
        # Where no decoder is known there is none, whatever the stubs say.
        if getattr(sound.codec_context, "name", "") != CODECS[container]:
            raise Refusal("wrong_type")
        # Without "bitexact" muxer and encoder sign the file.
        how = {"movflags": "+faststart", "fflags": "+bitexact"}
        with av.open(out, "w", format="ipod", options=how) as written:
            voice = written.add_stream(
                "aac",
                rate=RATE,
                options={"flags": "+bitexact"},
                layout="mono",
                bit_rate=BITS_PER_SECOND,
            )
            length = Fraction(0)
            for frame in heard.decode(sound):
                length += Fraction(frame.samples, frame.sample_rate)
                if length > most_seconds:
                    raise Refusal("too_long")
                # Its own times may jump; sound follows sound.
                frame.pts = None
                written.mux(voice.encode(frame))
            if not length:
                raise Refusal("unreadable_file")
            written.mux(voice.encode(None))
    return length


def rewritten(data: bytes, container: str, most_seconds: int, out: str) -> dict[str, object]:
    """What became of it, as it is said."""
    try:
        return {"seconds": float(rewrite(data, container, most_seconds, out))}
    except Refusal as refusal:
        return {"refused": refusal.args[0]}
    except (av.error.FFmpegError, ValueError, ZeroDivisionError, MemoryError) as error:
        # What it makes of broken data: nothing that could be told to a person.
        return {"refused": "unreadable_file", "why": repr(error)[:200]}


def main() -> None:
    container, most_seconds, out = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUT, LARGEST_OUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    said = rewritten(sys.stdin.buffer.read(), container, int(most_seconds), out)
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
