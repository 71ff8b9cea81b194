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


def test_the_sdk_lists_and_calls_the_tools(server, result):
    async def work(session, started):
        assert started.serverInfo.name == "penfield"
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        assert set(tools) == {"concepts", "results", "top", "card", "heatmap", "live_text", "scan"}
        top = await session.call_tool("top", {"n": 5})
        assert not top.isError
        units = [row["unit"] for row in top.structuredContent["units"]]
        assert units == list(result.top(5)["unit"])
        card = await session.call_tool("card", {"unit": units[0]})
        assert units[0] in card.content[0].text
        heat = await session.call_tool("heatmap", {"unit": result.heatmap_units[0], "tokens": 50})
        assert heat.structuredContent["values"] == pytest.approx(list(result.heatmap(result.heatmap_units[0]).values[:50]))
        live = await session.call_tool("live_text", {"text": "Anna went to Paris.", "units": [units[0]]})
        assert not live.isError and live.structuredContent["tokens"]
        scanned = await session.call_tool("scan", {"concept": "capital", "layers": "1", "budget": 4000})
        assert not scanned.isError, scanned.content
        again = await session.call_tool("top", {"result": scanned.structuredContent["result"], "n": 1})
        assert again.structuredContent["units"][0]["unit"].startswith("L1.")
        refused = await session.call_tool("card", {"unit": "L99.1"})
        assert refused.isError and "L99.1" in refused.content[0].text

    with_session(server, work)
