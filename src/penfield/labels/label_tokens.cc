#include "penfield/labels/label_tokens.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <variant>
#include <vector>

#include "penfield/base/check.h"
#include "penfield/labels/combine.h"
#include "penfield/labels/label_file.h"

namespace penfield::labels {
namespace {

struct Labeller {
  const text::Corpus& corpus;
  const tokens::TokenStream& stream;
  Pieces pieces;

  Result<std::vector<Label>> operator()(ProperNounRule rule) const {
    return label_proper_nouns(corpus, stream, rule, pieces);
  }

  Result<std::vector<Label>> operator()(SentenceInitialCapital) const {
    return label_sentence_initial_capitals(corpus, stream, pieces);
  }

  Result<std::vector<Label>> operator()(Capital) const { return label_capitals(corpus, stream, pieces); }

  Result<std::vector<Label>> operator()(const Combination& combination) const {
    std::vector<std::vector<Label>> all_of;
    std::vector<std::vector<Label>> none_of;
    for (const auto& [parts, tracks] :
         {std::pair(&combination.all_of, &all_of), std::pair(&combination.none_of, &none_of)}) {
      for (const Concept& part : *parts) {
        PENFIELD_TRY(std::vector<Label> track, std::visit(*this, part.rule()));
        tracks->push_back(std::move(track));
      }
    }
    return combine(all_of, none_of);
  }

  Result<std::vector<Label>> operator()(const WordList& words) const {
    std::vector<Label> labels(stream.n_tokens(), Label::kOther);
    for (std::size_t d = 0; d < corpus.documents.size(); ++d) {
      for (const spelling::Span& word : words.find_in(corpus.documents[d].text))
        mark_word(stream, d, word, pieces, labels);
    }
    return labels;
  }

  Result<std::vector<Label>> operator()(const GoldTags& gold) const {
    if (!corpus.has_gold) {
      return bad_input(
          "concept {}: the text has no gold tags: give a CoNLL-U file (.conllu), or use proper-noun",
          gold.column == GoldTags::Column::kUpos ? "upos" : "xpos");
    }
    std::vector<Label> labels(stream.n_tokens(), Label::kOther);
    for (std::size_t d = 0; d < corpus.documents.size(); ++d) {
      const std::vector<text::GoldWord>& words = corpus.documents[d].gold_words;
      if (words.empty()) {
        std::fill(labels.begin() + static_cast<std::ptrdiff_t>(stream.document_first[d]),
                  labels.begin() + static_cast<std::ptrdiff_t>(stream.document_first[d + 1]),
                  Label::kExcluded);
      }
      for (const text::GoldWord& word : words) {
        const std::string& tag = gold.column == GoldTags::Column::kUpos ? word.upos : word.xpos;
        if (std::find(gold.tags.begin(), gold.tags.end(), tag) == gold.tags.end()) continue;
        mark_word(stream, d, {word.begin_bytes, word.end_bytes}, pieces, labels);
      }
    }
    return labels;
  }

  Result<std::vector<Label>> operator()(const LabelFile& file) const {
    return read_label_file(file.path, stream.n_tokens());
  }

  Result<std::vector<Label>> operator()(const TableColumn& asked) const {
    const std::vector<tokens::LabelColumn>& columns = stream.label_columns;
    const auto column = std::find_if(columns.begin(), columns.end(),
                                     [&](const tokens::LabelColumn& c) { return c.name == asked.name; });
    if (column == columns.end()) return no_column(asked.name);
    if (!column->why_not.empty())
      return bad_input("concept label:{}: {}; labels are 0, 1 or NA", asked.name, column->why_not);
    std::vector<Label> labels;
    labels.reserve(column->values.size());
    for (const std::int8_t value : column->values) {
      labels.push_back(value < 0 ? Label::kExcluded : value > 0 ? Label::kTarget : Label::kOther);
    }
    return labels;
  }

 private:
  [[nodiscard]] tl::unexpected<Error> no_column(const std::string& name) const {
    std::string names;
    for (const tokens::LabelColumn& column : stream.label_columns) {
      if (column.why_not.empty()) names += (names.empty() ? "" : ", ") + column.name;
    }
    if (stream.label_columns.empty()) {
      return usage_error(
          "concept label:{}: there is no column of labels; it is for the tokens.tsv of --activations, and "
          "labels:FILE for labels of a text",
          name);
    }
    return usage_error("concept label:{}: tokens.tsv has no such column of labels; it has {}", name,
                       names.empty() ? "none" : names);
  }
};

}  // namespace

Result<LabelTrack> label_tokens(const Concept& asked, const text::Corpus& corpus,
                                const tokens::TokenStream& stream, Pieces pieces) {
  PENFIELD_CHECK(stream.n_documents() == corpus.documents.size());
  LabelTrack track;
  track.concept_name = asked.name();
  PENFIELD_TRY(track.labels, std::visit(Labeller{corpus, stream, pieces}, asked.rule()));
  track.n_target =
      static_cast<std::uint64_t>(std::count(track.labels.begin(), track.labels.end(), Label::kTarget));
  return track;
}

}  // namespace penfield::labels
