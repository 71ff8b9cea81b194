// What comes over the network, from an agent, and from the command line.
#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "checks.h"
#include "penfield/base/amounts.h"
#include "penfield/formats/json.h"
#include "penfield/hub/repository.h"
#include "penfield/labels/concept.h"
#include "penfield/mcp/session.h"
#include "penfield/mcp/tools.h"
#include "penfield/recorded/layer_name.h"
#include "penfield/sample/token_traits.h"
#include "penfield/server/connection.h"
#include "penfield/server/explorer.h"
#include "penfield/study/study.h"
#include "readers.h"

namespace penfield::fuzz {
namespace {

using Seeds = std::vector<std::string>;
using server::Connection;

constexpr std::string_view kToken = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

// A scan of the bundled model, made once, as server and agent show it.
const std::string& result_folder() {
  static const std::string kFolder = [] {
    study::StudyRequest request;
    request.model = request.model_folder = "models/demo";
    request.texts = {"data/demo/articles.txt"};
    request.layers = "1";
    request.n_discovery = request.n_held_out = 2;
    request.max_rows = 30;
    std::string folder = scratch_folder() + "/result";
    auto writer = store::ResultWriter::open(folder, false).value();
    PENFIELD_CHECK(study::run_study(request, "test", writer).has_value());
    return folder;
  }();
  return kFolder;
}
Result<std::string> folder_of_model(const std::string& name) {
  if (std::filesystem::exists(name)) return name;
  return fail(ErrorKind::kNetwork, "{}: is not here", name);
}

// One connection whose client sends `sent` and ends; everything that it is answered.
std::string converse(std::string_view sent, const server::Handlers& handlers) {
  std::array<int, 2> ends{};
  PENFIELD_CHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) == 0);
  const formats::FileDescriptor client(ends[0]);
  const server::Limits limits;
  const server::Gate gate{{"127.0.0.1:8123", "localhost:8123"}};
  boost::asio::io_context io{1};
  server::JobQueue jobs(limits.waiting_jobs);
  server::Shared shared{
      .io = io, .limits = limits, .gate = gate, .handlers = handlers, .jobs = jobs, .connections = {}};
  {
    Connection::Tcp::socket socket(io);
    socket.assign(Connection::Tcp::v4(), ends[1]);
    const auto connection = std::make_shared<Connection>(std::move(socket), shared);
    shared.connections.insert(connection);
    connection->start();
  }
  std::string answers;
  bool is_sent = false;
  int n_quiet = 0;
  // Between the jobs: the client sends what the socket takes, and reads. When nothing happens any more it
  // hangs up.
  jobs.run([&](const std::stop_token& /*stop*/) {
    const std::size_t n_before = answers.size() + sent.size();
    const ssize_t n_sent = ::send(client.get(), sent.data(), sent.size(), MSG_NOSIGNAL);
    if (n_sent > 0) sent.remove_prefix(static_cast<std::size_t>(n_sent));
    io.restart();
    io.poll();
    std::array<char, 4096> bytes{};
    for (ssize_t n = 0; (n = ::recv(client.get(), bytes.data(), bytes.size(), 0)) > 0;)
      answers.append(bytes.data(), static_cast<std::size_t>(n));
    n_quiet = answers.size() + sent.size() == n_before ? n_quiet + 1 : 0;
    if (n_quiet == 2 && !is_sent) {
      is_sent = true;
      ::shutdown(client.get(), SHUT_WR);
    }
    constexpr int kSurelyQuiet = 8;
    const bool goes_on = !shared.connections.empty() && n_quiet < kSurelyQuiet;
    if (!goes_on) jobs.close();
    return goes_on;
  });
  PENFIELD_CHECK(shared.connections.empty());  // a client that has gone keeps nothing open
  return answers;
}

// The first answer's status line; empty if it is 200. Nothing is worked on that does not carry the token and
// a name of this server.
std::string read_http(std::string_view bytes) {
  constexpr std::size_t kMostBytes = 64 << 10;
  const std::string_view sent = bytes.substr(0, kMostBytes);
  const server::Handlers handlers = {
      .published =
          [] {
            return server::Published{std::string(kToken), std::make_shared<const std::string>("page")};
          },
      .answer =
          [&](const server::Request& request, const std::stop_token& /*gone*/) {
            const bool takes_token = server::takes_post(request.endpoint);
            PENFIELD_CHECK(!takes_token || sent.find(kToken) != std::string_view::npos);
            PENFIELD_CHECK(sent.find(":8123") != std::string_view::npos);
            PENFIELD_CHECK(request.endpoint == server::Endpoint::kUnit || request.name.empty());
            PENFIELD_CHECK(takes_token || request.body.empty());
            return server::json_answer("{}");
          },
      .idle = nullptr,
      .log = [](std::string_view line) { PENFIELD_CHECK(fault_of(line).empty()); }};
  const std::string answers = converse(sent, handlers);
  PENFIELD_CHECK(answers.empty() || answers.starts_with("HTTP/1.1 "));
  if (answers.starts_with("HTTP/1.1 200 ")) return "";
  return answers.empty() ? "no answer" : answers.substr(0, answers.find('\r'));
}
std::string post(std::string_view target, std::string_view body) {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: 127.0.0.1:8123\r\nOrigin: http://127.0.0.1:8123\r\nSec-Fetch-Site: same-origin\r\n"
      "Content-Type: application/json\r\nx-penfield-token: {}\r\nContent-Length: {}\r\n\r\n{}",
      target, kToken, body.size(), body);
}
Seeds http_seeds() {
  const std::string page = "GET / HTTP/1.1\r\nHost: localhost:8123\r\nSec-Fetch-Site: none\r\n\r\n";
  return {page, "GET /api/v1/units/L1.mlp.post.7 HTTP/1.1\r\nhost:127.0.0.1:8123\r\n\r\n" + page,
          "HEAD /api/v1/folders HTTP/1.0\r\nHost: 127.0.0.1:8123\r\nConnection: keep-alive\r\n\r\n" + page,
          post("/api/v1/live", R"({"text":"a","units":["L1.0"]})") + page,
          post("/api/v1/open", R"({"folder":"b"})")};
}

// The body of a live text, or of a folder to open, for a result with its model.
std::string read_live(std::string_view bytes) {
  static const std::unique_ptr<server::Explorer> kExplorer = [] {
    return server::Explorer::open({.folder = result_folder(),
                                   .model = "models/demo",
                                   .find_model = folder_of_model,
                                   .limits = {}})
        .value();
  }();
  (void)kExplorer->answer({server::Endpoint::kOpen, "", std::string(bytes)}, {});
  const server::Answer answer = kExplorer->answer({server::Endpoint::kLive, "", std::string(bytes)}, {});
  const nlohmann::json said = nlohmann::json::parse(*answer.body);
  return answer.status == 200 ? "" : said.at("error").get<std::string>();
}
Seeds live_seeds() {
  return {R"({"text":"Anna slept in Paris. 1984\u00e9 \ud83d\ude00","units":["L1.0","L1.7"],"responders":3})",
          R"({"text":"a","units":["L1.1"]})"};
}

// Lines from an agent, as penfield mcp reads them. Every answer is one line of JSON.
std::string read_mcp(std::string_view bytes) {
  static mcp::Session session = [] {
    mcp::ToolOptions options;
    options.folders = {result_folder()};
    options.model = "models/demo";
    options.find_model = folder_of_model;
    options.version = "test";
    return mcp::Session("test", "", mcp::make_tools(std::move(options)).value());
  }();
  std::string message;
  while (!bytes.empty()) {
    const std::string_view line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
    const auto parsed = formats::parse_json(line, "the message");
    const std::optional<std::string> answer =
        parsed ? session.answer(*parsed, {}) : mcp::Session::refuse_line(parsed.error().message);
    if (!answer) continue;
    PENFIELD_CHECK(answer->find('\n') == std::string::npos);
    const nlohmann::json said = nlohmann::json::parse(*answer);
    if (said.contains("error") && message.empty()) message = said["error"]["message"].get<std::string>();
  }
  return message;
}
std::string call_of(std::string_view tool, std::string_view arguments) {
  return fmt::format(
      R"({{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"{}","arguments":{}}}}})", tool,
      arguments);
}
Seeds mcp_seeds() {
  return {
      R"({"jsonrpc":"2.0","id":"a","method":"initialize","params":{"protocolVersion":"2025-06-18"}})"
      "\n"
      R"({"jsonrpc":"2.0","method":"notifications/initialized"})"
      "\n"
      R"({"jsonrpc":"2.0","id":2,"method":"tools/list"})",
      call_of("concepts", "{}") + "\n" + call_of("results", "{}"),
      call_of("top", R"({"n":3,"layer":1})") + "\n" + call_of("card", R"({"unit":"L1.0","result":"result"})"),
      call_of("heatmap", R"({"unit":"L1.0","split":"held_out","tokens":9})"),
      call_of("live_text", R"({"text":"Anna.","units":["L1.0"]})")};
}

// What is typed as an argument: names, lists and amounts.
std::string read_arguments(std::string_view bytes) {
  const auto unit = parse_unit(bytes);
  if (unit) PENFIELD_CHECK(parse_unit(to_string(*unit)) == *unit);
  const auto repository = hub::parse_repository(bytes);
  if (repository) {
    const std::string folder = hub::cache_folder_name(repository->id);
    PENFIELD_CHECK(folder.starts_with("models--") && folder.find('/') == std::string::npos);
    PENFIELD_CHECK(repository->file.empty() || hub::is_safe_path(repository->file));
  }
  (void)recorded::parse_layer_name(bytes);
  const auto traits = sample::parse_traits(bytes, "--match");
  const auto amount = parse_bytes(bytes);
  const auto layers = parse_layers(bytes, 64);
  if (layers) PENFIELD_CHECK(!layers->empty() && layers->back() < 64);
  // A concept with these may name a file, which is not what is tried here.
  const bool is_concept =
      bytes.find_first_of("./") == std::string_view::npos && labels::Concept::parse(bytes);
  // The program shortens such messages, which say what was typed.
  return unit || is_concept || traits || repository || amount || layers ? "" : "refused";
}
Seeds arguments_seeds() {
  return {"L18.1234",
          "L0.attn.q.77",
          "openai-community/gpt2@main:model.gguf",
          "0-5,23",
          "1.5GiB",
          "proper-noun and not upos:NOUN",
          "words:paris,london",
          "blocks.5.mlp.hook_post",
          "length,position"};
}

constexpr std::array kReaders = {
    Reader{
        "http",
        "GET POST HEAD / /api/v1/units/ /api/v1/live /api/v1/open /api/v1/folders HTTP/1.1 HTTP/1.0 Host: "
        "127.0.0.1:8123 localhost:8123 Origin: http:// Sec-Fetch-Site: cross-site Content-Length: "
        "Transfer-Encoding: chunked Connection: keep-alive close Expect: 100-continue Content-Type: "
        "application/json x-penfield-token: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        http_seeds, read_http},
    Reader{"live", R"("text": "units": "responders": "folder": "L1.0" [] {} null 1e999 \ud800 \u0000)",
           live_seeds, read_live},
    Reader{
        "mcp",
        R"("jsonrpc":"2.0" "id": "method": "params": "name": "arguments": "tools/call" "tools/list" "ping" "initialize" )"
        R"("top" "card" "heatmap" "live_text" "concepts" "results" "unit": "n": "layer": "split": "tokens": "units": "text":)",
        mcp_seeds, read_mcp},
    Reader{
        "arguments",
        "L1. attn.q mlp.post resid.mid @main :x.gguf -- .. words: upos: xpos: and not proper-noun GiB layer blocks",
        arguments_seeds, read_arguments},
};

}  // namespace

std::span<const Reader> message_readers() {
  return kReaders;
}

}  // namespace penfield::fuzz
