"""penfield mcp with the protocol's official SDK as its client."""

import asyncio

import pytest

import penfield
from conftest import find_program

pytest.importorskip("mcp")
from mcp import ClientSession, StdioServerParameters  # noqa: E402
from mcp.client.stdio import stdio_client  # noqa: E402


@pytest.fixture(scope="module")
def server(result):
    path = find_program()
    if path is None:
        pytest.skip("the program is not built; set PENFIELD_PROGRAM")
    model, text = penfield.demo_model(), penfield.demo_text()
    return StdioServerParameters(command=path, args=["mcp", result.folder, "-m", model, "-t", text])


def with_session(server, work):
    async def run():
        async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
            return await work(session, await session.initialize())

    return asyncio.run(asyncio.wait_for(run(), 240))


def as_sent(model):
    """The names of the protocol, which the SDK's versions spell differently in Python."""
    return model.model_dump(by_alias=True, mode="json")


def test_the_sdk_lists_and_calls_the_tools(server, result):
    async def work(session, started):
        async def call(name, **arguments):
            return as_sent(await session.call_tool(name, arguments))

        assert as_sent(started)["serverInfo"]["name"] == "penfield"
        assert {tool.name for tool in (await session.list_tools()).tools} == {
            "concepts", "results", "top", "card", "heatmap", "live_text", "scan",
        }
        top = await call("top", n=5)
        assert not top["isError"]
        units = [row["unit"] for row in top["structuredContent"]["units"]]
        assert units == list(result.top(5)["unit"])
        card = await call("card", unit=units[0])
        assert units[0] in card["content"][0]["text"]
        heat = await call("heatmap", unit=result.heatmap_units[0], tokens=50)
        values = list(result.heatmap(result.heatmap_units[0]).values[:50])
        assert heat["structuredContent"]["values"] == pytest.approx(values)
        live = await call("live_text", text="Anna went to Paris.", units=[units[0]])
        assert not live["isError"] and live["structuredContent"]["tokens"]
        scanned = await call("scan", concept="capital", layers="1", budget=4000)
        assert not scanned["isError"], scanned["content"]
        again = await call("top", result=scanned["structuredContent"]["result"], n=1)
        assert again["structuredContent"]["units"][0]["unit"].startswith("L1.")
        refused = await call("card", unit="L99.1")
        assert refused["isError"] and "L99.1" in refused["content"][0]["text"]

    with_session(server, work)
