"""Asks a server for addresses over a number of connections that stay open, for some seconds, and says how it went.

    python bench/load.py PORT FILE SECONDS CONNECTIONS

FILE holds one path a line; each connection starts elsewhere in it. Prints JSON: answers, seconds, p50 and p99 in ms,
bytes, and how many answers there were of each status. A path may be followed by a tab and one header, and `POST ` and a path
by a tab and a body of JSON.
"""

import asyncio
import json
import re
import sys
import time
from collections import Counter

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


async def ask(port, paths, start, end, times, statuses, sizes):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    position = start
    while time.perf_counter() < end:
        request = request_of(paths[position % len(paths)])
        position += 1
        begin = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        statuses[int(head[9:12])] += 1
        size = await rest_of(head, reader)
        times.append(time.perf_counter() - begin)
        sizes.append(size)
        if b"connection: close" in head.lower():
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()


def request_of(line):
    path, _tab, rest = line.partition("\t")
    if path.startswith("POST "):
        head = f"{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(rest.encode())}"
        return f"{head}\r\n\r\n{rest}".encode()
    header = f"{rest}\r\n" if rest else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{header}\r\n".encode()


async def rest_of(head, reader):
    """Reads the body of an answer; how long it was."""
    if head[9:12] in (b"304", b"204"):
        return 0
    if b"transfer-encoding: chunked" in head.lower():
        total = 0
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
            total += size
        await reader.readline()
        return total
    size = int(LENGTH.search(head)[1])
    await reader.readexactly(size)
    return size


async def main():
    port, file, seconds, connections = int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
    with open(file, encoding="utf-8") as lines:
        paths = lines.read().splitlines()
    times, statuses, sizes = [], Counter(), []
    begin = time.perf_counter()
    end = begin + seconds
    step = max(1, len(paths) // connections)
    await asyncio.gather(
        *(ask(port, paths, n * step, end, times, statuses, sizes) for n in range(connections))
    )
    times.sort()
    print(
        json.dumps(
            {
                "answers": len(times),
                "seconds": time.perf_counter() - begin,
                "p50": times[len(times) // 2] * 1000,
                "p99": times[int(len(times) * 0.99)] * 1000,
                "bytes": sum(sizes),
                "statuses": statuses,
            }
        )
    )


if __name__ == "__main__":
    asyncio.run(main())
