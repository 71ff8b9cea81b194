// penfield doctor: what this machine can do.
#include <fmt/format.h>

#include <iterator>

#include "hub_access.h"
#include "json_document.h"
#include "output.h"
#include "penfield/machine/doctor.h"
#include "version.h"

namespace penfield::app {
namespace {

std::string describe(const machine::MachineReport& machine) {
  std::string out;
  auto at = std::back_inserter(out);
  fmt::format_to(at, "penfield      {}\n", kVersion);
  fmt::format_to(at, "processor     {}\n", machine.processor);
  fmt::format_to(at, "vectors       {}\n", machine.simd_target);
  fmt::format_to(at, "threads       {}\n", machine.n_threads);
  fmt::format_to(at, "products      {:>5.0f} GFLOP/s  {}\n", machine.product_flop_per_s / 1e9,
                 machine.float32_kernel);
  fmt::format_to(at, "              {:>5.0f} GFLOP/s  {}\n", machine.bf16_product_flop_per_s / 1e9,
                 machine.bf16_kernel);
  fmt::format_to(at, "model cache   {}\n",
                 machine.cache_folder.empty() ? "none: no HOME" : machine.cache_folder);
  fmt::format_to(at, "\none window of 1024 tokens through all layers, expected\n");
  fmt::format_to(at, "  {:<12} {:>12}  {:>9}  {:>16}\n", "", "", "f32", "--precision bf16");
  for (const machine::ExpectedTime& expected : machine.expected) {
    fmt::format_to(at, "  {:<12} {:>6.2f} TFLOP  {:>7.2f} s  {:>14.2f} s\n", expected.model,
                   expected.flop / 1e12, expected.seconds, expected.bf16_seconds);
  }
  return out;
}

std::string describe_json(const machine::MachineReport& machine) {
  nlohmann::ordered_json out = json_document();
  out["version"] = kVersion;
  out["processor"] = machine.processor;
  out["simd_target"] = machine.simd_target;
  out["n_threads"] = machine.n_threads;
  out["product_flop_per_s"] = machine.product_flop_per_s;
  out["bf16_product_flop_per_s"] = machine.bf16_product_flop_per_s;
  out["bf16_kernel"] = machine.bf16_kernel;
  out["cache_folder"] = machine.cache_folder;
  for (const machine::ExpectedTime& expected : machine.expected)
    out["expected_seconds"][expected.model] = expected.seconds;
  for (const machine::ExpectedTime& expected : machine.expected)
    out["expected_bf16_seconds"][expected.model] = expected.bf16_seconds;
  return out.dump() + "\n";
}

}  // namespace

void add_doctor(CLI::App& root, Commands& commands) {
  CLI::App* command =
      root.add_subcommand("doctor", "measure what this machine can do, and how long models would take");
  command->footer("penfield doctor");
  commands.push_back({command, [](const Globals& globals) -> Result<void> {
                        machine::MachineReport machine = machine::examine_machine();
                        machine.cache_folder = hub_settings(globals).cache_folder;
                        return write_output("", false,
                                            globals.format == OutputFormat::kJson ? describe_json(machine)
                                                                                  : describe(machine));
                      }});
}

}  // namespace penfield::app
