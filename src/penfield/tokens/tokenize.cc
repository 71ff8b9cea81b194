// A corpus -> TokenStream: stretches of text are encoded in parallel and joined in order.
#include <algorithm>
#include <span>
#include <utility>

#include "penfield/base/parallel.h"
#include "penfield/tokens/tokenizer.h"

namespace penfield::tokens {
namespace {

constexpr std::uint64_t kBatchBytes = 1u << 16;
constexpr std::uint64_t kMostStretchBytes = 1u << 28;  // with kMostLengthening (text_step.h): below 4 GiB

// What a thread takes at a time: texts of one document, each encoded by itself. A plain file without headings
// and blank lines is one document, so documents would be too coarse.
struct Batch {
  std::size_t document = 0;
  std::uint64_t begin = 0;  // byte of the document
  std::size_t first_row = 0, end_row = 0;
};

struct EncodedBatch {
  std::vector<TokenId> ids;
  std::vector<std::uint64_t> end_bytes;  // in the document
};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Whether Tokenizer::can_cut_after_lines allows a cut at byte `at`.
bool is_cut(std::string_view text, std::uint64_t at) {
  return at >= 2 && at < text.size() && text[at - 1] == '\n' && text[at - 2] > ' ' && text[at - 2] < 0x7F &&
         is_letter(text[at]);
}

// may_end(document, byte): whether a batch may end at this end of a row.
template <class MayEnd>
std::vector<Batch> cut_into_batches(std::span<const text::Document> documents, MayEnd may_end) {
  std::vector<Batch> batches;
  for (std::size_t d = 0; d < documents.size(); ++d) {
    const std::vector<std::uint64_t>& ends = documents[d].row_end_bytes;
    Batch next{d, 0, 0, 0};
    for (std::size_t row = 0; row < ends.size(); ++row) {
      const bool is_last = row + 1 == ends.size();
      if (!is_last && (ends[row] - next.begin < kBatchBytes || !may_end(documents[d], ends[row]))) continue;
      next.end_row = row + 1;
      batches.push_back(next);
      next = {d, ends[row], row + 1, 0};
    }
  }
  return batches;
}

EncodedBatch encode_batch(const Tokenizer& tokenizer, const text::Document& document, const Batch& batch,
                          const EncodeOptions& options, EncodeScratch& scratch) {
  EncodedBatch out;
  const auto encode = [&](std::uint64_t begin, std::uint64_t end, Place place) {
    const std::size_t first = out.ids.size();
    const auto text = std::string_view(document.text).substr(begin, end - begin);
    tokenizer.encode(text, scratch, out.ids, out.end_bytes, options.special, place);
    for (std::size_t t = first; t < out.end_bytes.size(); ++t) out.end_bytes[t] += begin;
  };
  if (options.unit == EncodeUnit::kDocuments) {
    encode(batch.begin, document.row_end_bytes[batch.end_row - 1],
           batch.begin == 0 ? Place::kDocumentBegin : Place::kInside);
    return out;
  }
  std::uint64_t begin = batch.begin;
  for (std::size_t row = batch.first_row; row < batch.end_row; ++row) {
    const std::uint64_t end = document.row_end_bytes[row];
    encode(begin, end, Place::kDocumentBegin);
    begin = end;
  }
  return out;
}

// Joins the batches. Bytes without a token at the end of a document belong to its last token.
TokenStream joined(std::span<const text::Document> documents, std::span<const Batch> batches,
                   std::vector<EncodedBatch>& encoded) {
  std::size_t n_tokens = 0;
  for (const EncodedBatch& batch : encoded) n_tokens += batch.ids.size();
  TokenStream stream;
  stream.ids.reserve(n_tokens);
  stream.begin_bytes.reserve(n_tokens);
  stream.end_bytes.reserve(n_tokens);
  stream.document_first.assign(1, 0);
  std::size_t i = 0;
  for (std::size_t d = 0; d < documents.size(); ++d) {
    std::uint64_t begin = 0;
    for (; i < batches.size() && batches[i].document == d; ++i) {
      const EncodedBatch batch = std::exchange(encoded[i], {});
      stream.ids.insert(stream.ids.end(), batch.ids.begin(), batch.ids.end());
      for (const std::uint64_t end : batch.end_bytes) {
        stream.begin_bytes.push_back(begin);
        stream.end_bytes.push_back(end);
        begin = end;
      }
    }
    if (stream.ids.size() > stream.document_first.back()) stream.end_bytes.back() = documents[d].text.size();
    stream.document_first.push_back(stream.ids.size());
  }
  return stream;
}

}  // namespace

std::string_view encode_unit_name(EncodeUnit unit) {
  return unit == EncodeUnit::kDocuments ? "documents" : "rows";
}

std::string_view special_name(Special special) {
  return special == Special::kToken ? "token" : "text";
}

std::optional<EncodeUnit> parse_encode_unit(std::string_view name) {
  for (const EncodeUnit unit : {EncodeUnit::kDocuments, EncodeUnit::kRows}) {
    if (encode_unit_name(unit) == name) return unit;
  }
  return std::nullopt;
}

std::optional<Special> parse_special(std::string_view name) {
  for (const Special special : {Special::kToken, Special::kText}) {
    if (special_name(special) == name) return special;
  }
  return std::nullopt;
}

Result<TokenStream> tokenize(const Tokenizer& tokenizer, const text::Corpus& corpus,
                             const EncodeOptions& options, const Watch& watch) {
  const bool by_rows = options.unit == EncodeUnit::kRows;
  const std::vector<Batch> batches =
      cut_into_batches(corpus.documents, [&](const text::Document& document, std::uint64_t end) {
        return by_rows || (tokenizer.can_cut_after_lines() && is_cut(document.text, end));
      });
  for (const Batch& batch : batches) {
    const text::Document& document = corpus.documents[batch.document];
    if (!by_rows && document.row_end_bytes[batch.end_row - 1] - batch.begin > kMostStretchBytes) {
      return bad_input(
          "{}: the document has a stretch of more than 256 MiB that this tokenizer encodes as one text; "
          "cut the document, or give --encode rows",
          document.source);
    }
  }
  std::vector<EncodedBatch> encoded(batches.size());
  std::vector<EncodeScratch> scratches(static_cast<std::size_t>(n_threads()));
  parallel_for(batches.size(), [&](std::size_t i, int thread) {
    if (watch.stop().stop_requested()) return;
    encoded[i] = encode_batch(tokenizer, corpus.documents[batches[i].document], batches[i], options,
                              scratches[static_cast<std::size_t>(thread)]);
  });
  PENFIELD_TRY_VOID(watch.check());
  TokenStream stream = joined(corpus.documents, batches, encoded);
  for (const EncodeScratch& scratch : scratches)
    stream.n_bytes_without_token += scratch.n_bytes_without_token;
  return stream;
}

}  // namespace penfield::tokens
