// A corpus -> TokenStream: rows are encoded in parallel and joined in order.
#include <algorithm>
#include <span>
#include <utility>

#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/tokens/tokenizer.h"

namespace penfield::tokens {
namespace {

// Rows first_row … end_row - 1 of one document: what a thread takes at a time. A plain file without headings
// and blank lines is one document, so documents would be too coarse.
struct Batch {
  std::size_t document = 0;
  std::size_t first_row = 0;
  std::size_t end_row = 0;
};

struct EncodedBatch {
  std::vector<TokenId> ids;
  std::vector<std::uint64_t> end_bytes;  // in the document
};

std::uint64_t row_begin(const text::Document& document, std::size_t row) {
  return row == 0 ? 0 : document.row_end_bytes[row - 1];
}

std::vector<Batch> cut_into_batches(std::span<const text::Document> documents) {
  constexpr std::uint64_t kBatchBytes = 1u << 16;
  std::vector<Batch> batches;
  for (std::size_t d = 0; d < documents.size(); ++d) {
    const std::size_t n_rows = documents[d].row_end_bytes.size();
    for (std::size_t first = 0, row = 0; row < n_rows; ++row) {
      const std::uint64_t n_bytes = documents[d].row_end_bytes[row] - row_begin(documents[d], first);
      if (n_bytes < kBatchBytes && row + 1 < n_rows) continue;
      batches.push_back({d, first, row + 1});
      first = row + 1;
    }
  }
  return batches;
}

EncodedBatch encode_batch(const Tokenizer& tokenizer, const text::Document& document, const Batch& batch,
                          EncodeScratch& scratch) {
  EncodedBatch encoded;
  for (std::size_t row = batch.first_row; row < batch.end_row; ++row) {
    const std::uint64_t begin = row_begin(document, row);
    const std::size_t first = encoded.ids.size();
    const auto text = std::string_view(document.text).substr(begin, document.row_end_bytes[row] - begin);
    tokenizer.encode(text, scratch, encoded.ids, encoded.end_bytes);
    for (std::size_t t = first; t < encoded.end_bytes.size(); ++t) encoded.end_bytes[t] += begin;
  }
  return encoded;
}

}  // namespace

TokenStream tokenize(const Tokenizer& tokenizer, const text::Corpus& corpus) {
  const std::vector<Batch> batches = cut_into_batches(corpus.documents);
  std::vector<EncodedBatch> encoded(batches.size());
  std::vector<EncodeScratch> scratches(static_cast<std::size_t>(n_threads()));
  parallel_for(batches.size(), [&](std::size_t i, int thread) {
    encoded[i] = encode_batch(tokenizer, corpus.documents[batches[i].document], batches[i],
                              scratches[static_cast<std::size_t>(thread)]);
  });

  std::size_t n_tokens = 0;
  for (const EncodedBatch& batch : encoded) n_tokens += batch.ids.size();
  TokenStream stream;
  stream.ids.reserve(n_tokens);
  stream.begin_bytes.reserve(n_tokens);
  stream.end_bytes.reserve(n_tokens);
  stream.document_first.assign(corpus.documents.size() + 1, 0);
  for (std::size_t i = 0; i < batches.size(); ++i) {
    const EncodedBatch batch = std::exchange(encoded[i], {});
    std::uint64_t begin = row_begin(corpus.documents[batches[i].document], batches[i].first_row);
    for (std::size_t t = 0; t < batch.ids.size(); ++t) {
      stream.ids.push_back(batch.ids[t]);
      stream.begin_bytes.push_back(begin);
      stream.end_bytes.push_back(batch.end_bytes[t]);
      begin = batch.end_bytes[t];
    }
    stream.document_first[batches[i].document + 1] = stream.ids.size();
  }
  for (std::size_t d = 1; d < stream.document_first.size(); ++d) {  // a document without rows has no tokens
    stream.document_first[d] = std::max(stream.document_first[d], stream.document_first[d - 1]);
  }
  return stream;
}

}  // namespace penfield::tokens
