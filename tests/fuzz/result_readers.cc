// What lies in a result folder: the result, and what an interrupted run left.
#include <array>
#include <filesystem>

#include "checks.h"
#include "penfield/activations/pass_journal.h"
#include "penfield/formats/npy_header.h"
#include "penfield/store/heatmap_files.h"
#include "penfield/store/run_json.h"
#include "penfield/store/samples_table.h"
#include "penfield/store/small_result_for_tests.h"
#include "penfield/store/unfinished_run.h"
#include "penfield/store/units_table.h"
#include "readers.h"
#include "tape.h"

namespace penfield::fuzz {
namespace {

using Seeds = std::vector<std::string>;
using store::UnitColumns;

const store::SmallResult& small_result() {
  static const store::SmallResult kResult = store::make_result();
  return kResult;
}

template <UnitColumns columns>
std::string read_units(std::string_view bytes) {
  return read_and_write(
      bytes, [](std::string_view text) { return store::parse_units(text, "units.tsv", columns); },
      [](const auto& units) { return store::format_units(units, columns, false); });
}
template <UnitColumns columns>
Seeds units_seeds() {
  std::vector<findings::Finding> units = small_result().units;
  units.resize(3);
  if (columns == UnitColumns::kScan) return {store::format_units(units, columns, false)};
  for (std::uint32_t i = 0; i < units.size(); ++i) units[i].unit = {Site::kColumn, 0, i};
  return {store::format_units(units, columns, false)};
}
std::string read_samples(std::string_view bytes) {
  return read_and_write(
      bytes, [](std::string_view text) { return store::parse_samples(text, "samples.tsv"); },
      [](const auto& samples) { return store::format_samples(samples); });
}
std::string read_windows(std::string_view bytes) {
  return read_and_write(
      bytes, [](std::string_view text) { return store::parse_windows(text, "windows.tsv"); },
      [](const auto& tokens) { return store::format_windows(tokens); });
}
std::string read_run(std::string_view bytes) {
  return read_and_write(
      bytes, [](std::string_view text) { return store::parse_run_document(text, "run.json"); },
      [](const store::RunDocument& document) {
        return store::format_run_document(document.run, document.tables);
      });
}
Seeds run_seeds() {
  const store::SmallResult& result = small_result();
  return {store::format_run_document(result.run, {.n_samples = result.samples.size(),
                                                  .n_units = result.units.size(),
                                                  .n_tokens = result.heatmaps.tokens.size(),
                                                  .heatmap_units = result.heatmaps.units})};
}
std::string read_heatmaps(std::string_view bytes) {
  const auto values = store::read_heatmap_values(put_file("heatmaps.npy", bytes), 2, 3);
  PENFIELD_CHECK(!values || values->size() == 6);
  return message_of(values);
}

// inputs.tsv, against a run of other inputs. The program shortens the message, which says what differs.
std::string read_inputs(std::string_view bytes) {
  static const store::UnfinishedRun kRun(scratch_folder());
  PENFIELD_CHECK(kRun.make_folder().has_value());
  put_file(".unfinished/inputs.tsv", bytes);
  return kRun.check_same({{"seed", "7"}, {"text", "a\tb\n\xff"}}) ? "" : "refused";
}

// Instructions: passes that ended, with their checksums; then how the journal was damaged. What is taken up
// are passes as they were written, and the journal goes on from there.
std::string read_made_journal(std::string_view bytes) {
  using activations::PassJournal;
  Tape tape(bytes);
  const PassJournal::Subject subject = {.n_passes = 1U + tape.byte() % 8U,
                                        .n_checksums = 1U + tape.byte() % 4U,
                                        .n_value_bytes = tape.number(),
                                        .value_bytes = 4,
                                        .share = {}};
  const formats::FileCalls& calls = formats::system_file_calls();
  const std::string path = put_file("passes.journal", "");
  std::filesystem::remove(path);
  std::vector<std::vector<std::uint32_t>> written(subject.n_passes);
  {
    auto journal = PassJournal::create(path, subject, calls);
    PENFIELD_CHECK(journal.has_value());
    for (std::uint8_t n = tape.byte() % 16; n > 0; --n) {
      const std::size_t pass = tape.byte() % subject.n_passes;
      std::vector<std::uint32_t> checksums(subject.n_checksums);
      for (std::uint32_t& sum : checksums) sum = static_cast<std::uint32_t>(tape.number());
      if (!written[pass].empty()) checksums = written[pass];  // a pass has one set of values
      PENFIELD_CHECK(journal->append(pass, checksums).has_value());
      written[pass] = std::move(checksums);
    }
  }
  std::string stored = source_file(path);
  for (std::uint8_t n = tape.byte() % 4; n > 0; --n) {
    const std::size_t at = tape.number() % (stored.size() + 1);
    const std::uint8_t with = tape.byte();
    if (with == 0) {
      stored.resize(at);
    } else if (at < stored.size()) {
      stored[at] = static_cast<char>(stored[at] ^ with);
    }
  }
  stored += tape.rest();
  put_file("passes.journal", stored);
  auto journal = PassJournal::take_up(path, subject, calls);
  if (!journal) return journal.error().message;
  if (!journal->has_value()) return "not a journal of the subject";
  for (std::size_t pass = 0; pass < subject.n_passes; ++pass) {
    const auto sums = (*journal)->checksums(pass);
    PENFIELD_CHECK(sums.empty() || sums.size() == subject.n_checksums);
  }
  const std::size_t n_done = (*journal)->n_passes_done();
  PENFIELD_CHECK((*journal)->append(0, std::vector<std::uint32_t>(subject.n_checksums, 1)).has_value());
  const auto again = PassJournal::take_up(path, subject, calls);
  PENFIELD_CHECK(again.has_value() && again->has_value() && (*again)->has(0));
  PENFIELD_CHECK((*again)->n_passes_done() >= n_done);
  return "";
}

constexpr std::array kReaders = {
    Reader{"units.tsv", "NA inf -inf ok constant separated 1e-310 \"\" L7.attn.v.1 mlp.pre 0 1",
           units_seeds<UnitColumns::kScan>, read_units<UnitColumns::kScan>},
    Reader{"associate.tsv", "inf -inf ok constant separated 1e-310 column 0 1",
           units_seeds<UnitColumns::kAssociate>, read_units<UnitColumns::kAssociate>},
    Reader{"samples.tsv",
           "discovery held_out target comparison \"\" \\t \xe2\x80\xb9"
           "4E\xe2\x80\xba 4294967296",
           [] { return Seeds{store::format_samples(small_result().samples)}; }, read_samples},
    Reader{"windows.tsv", "discovery held_out 0 1 \"\" 4294967296",
           [] { return Seeds{store::format_windows(small_result().heatmaps.tokens)}; }, read_windows},
    Reader{"run.json",
           "null true \"\" -1 1e999 \"lrt\" \"model\" \"mlp.pre\" \"L7.1\" {} [] 18446744073709551616",
           run_seeds, read_run},
    Reader{"heatmaps.npy", "NUMPY 'descr': 'fortran_order': 'shape': '<f4' False (2,3) {}",
           [] {
             const std::uint64_t shape[] = {2, 3};
             return Seeds{formats::npy_header("'<f4'", shape) + std::string(24, '\0')};
           },
           read_heatmaps},
    Reader{"inputs.tsv", "name value seed text \"\"",
           [] { return Seeds{"name\tvalue\nseed\t7\ntext\t\"a\tb\n\xff\"\n"}; }, read_inputs},
    Reader{"journal-made", "",
           [] { return Seeds{std::string("\2\1\1\x40\3\0\1\1\1\2\1\1\3\1\4\2\1\5\1\6\0", 21)}; },
           read_made_journal},
};

}  // namespace

std::span<const Reader> result_readers() {
  return kReaders;
}

}  // namespace penfield::fuzz
