#include "penfield/text/conllu.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "penfield/formats/message_text.h"

namespace penfield::text {
namespace {

constexpr std::size_t kColumns = 10;
enum Column : std::size_t { kId = 0, kForm = 1, kUpos = 3, kXpos = 4, kMisc = 9 };
using Columns = std::array<std::string_view, kColumns>;

// The ten columns of a row; nullopt where there are fewer or more.
std::optional<Columns> split_columns(std::string_view row) {
  Columns columns;
  for (std::size_t c = 0; c < kColumns; ++c) {
    const std::size_t tab = row.find('\t');
    if ((tab == std::string_view::npos) != (c + 1 == kColumns)) return std::nullopt;
    columns[c] = row.substr(0, tab);
    if (tab != std::string_view::npos) row.remove_prefix(tab + 1);
  }
  return columns;
}

// A word ("8": first = last = 8), a range ("3-4"), or an empty node ("8.1": first = 8, last = 1).
struct Id {
  enum class Kind { kWord, kRange, kEmptyNode } kind = Kind::kWord;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

std::optional<std::uint32_t> parse_number(std::string_view digits) {
  std::uint32_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || stop != end || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
  return number;
}

std::optional<Id> parse_id(std::string_view id) {
  const std::size_t mark = id.find_first_of("-.");
  const std::optional<std::uint32_t> first = parse_number(id.substr(0, mark));
  if (!first) return std::nullopt;
  if (mark == std::string_view::npos) return Id{Id::Kind::kWord, *first, *first};
  const std::optional<std::uint32_t> last = parse_number(id.substr(mark + 1));
  if (!last) return std::nullopt;
  return Id{id[mark] == '-' ? Id::Kind::kRange : Id::Kind::kEmptyNode, *first, *last};
}

// MISC is `_` or entries with | between them.
bool has_space_after(std::string_view misc) {
  while (!misc.empty()) {
    const std::size_t bar = misc.find('|');
    if (misc.substr(0, bar) == "SpaceAfter=No") return false;
    misc.remove_prefix(bar == std::string_view::npos ? misc.size() : bar + 1);
  }
  return true;
}

std::string tag(std::string_view column) {
  return column == "_" ? std::string() : std::string(column);
}

// Rows of one sentence -> its text and gold words. What errors say is completed by the caller, with the
// place.
class Sentence {
 public:
  Result<void> add(const Columns& columns);
  Result<void> end();
  [[nodiscard]] bool empty() const { return n_words_ == 0 && !in_range(); }
  // Is a row with this id the first of another sentence?
  [[nodiscard]] bool ends_before(std::string_view id) const {
    return n_words_ > 0 && (id == "1" || id.starts_with("1-"));
  }

  Document document;
  bool begins_document = false;  // `# newdoc` stands before it

 private:
  [[nodiscard]] bool in_range() const { return n_words_ < range_last_; }
  Result<void> add_word(const Columns& columns, const Id& id);
  Result<void> add_range(const Columns& columns, const Id& id);
  Result<void> add_empty_node(const Id& id);
  void append_surface(const Columns& columns);
  void place_range_words();

  std::uint32_t n_words_ = 0;        // the last id
  std::uint32_t n_empty_nodes_ = 0;  // since the last word
  bool space_before_ = false;        // before the next surface form
  std::uint32_t range_last_ = 0;     // the last word of the last range, 0: none yet
  std::uint64_t range_begin_bytes_ = 0;
  std::vector<std::string> range_forms_;  // of the words of the range that have been read
};

void Sentence::append_surface(const Columns& columns) {
  if (space_before_) document.text += ' ';
  document.text += columns[kForm];
  space_before_ = has_space_after(columns[kMisc]);
}

Result<void> Sentence::add(const Columns& columns) {
  const std::optional<Id> id = parse_id(columns[kId]);
  if (!id)
    return bad_input("the id \"{}\" is not a word (3), range (3-4) or empty node (3.1)",
                     formats::message_text(columns[kId]));
  if (id->kind == Id::Kind::kEmptyNode) return add_empty_node(*id);
  if (columns[kForm].empty()) return bad_input("the form of word {} is empty", columns[kId]);
  return id->kind == Id::Kind::kRange ? add_range(columns, *id) : add_word(columns, *id);
}

Result<void> Sentence::add_word(const Columns& columns, const Id& id) {
  if (id.first != n_words_ + 1) return bad_input("the id is {}, but {} is expected", id.first, n_words_ + 1);
  GoldWord word{0, 0, tag(columns[kUpos]), tag(columns[kXpos])};
  const bool part_of_range = in_range();
  if (!part_of_range) {
    append_surface(columns);
    word.end_bytes = document.text.size();
    word.begin_bytes = word.end_bytes - columns[kForm].size();
  }
  document.gold_words.push_back(std::move(word));
  n_words_ = id.first;
  n_empty_nodes_ = 0;
  if (part_of_range) {
    range_forms_.emplace_back(columns[kForm]);
    if (!in_range()) place_range_words();
  }
  return {};
}

Result<void> Sentence::add_range(const Columns& columns, const Id& id) {
  if (in_range()) return bad_input("the range {} stands inside another", columns[kId]);
  if (id.first != n_words_ + 1 || id.last < id.first) {
    return bad_input("the range {} does not begin at word {}, which follows it", columns[kId], n_words_ + 1);
  }
  append_surface(columns);
  range_begin_bytes_ = document.text.size() - columns[kForm].size();
  range_last_ = id.last;
  return {};
}

Result<void> Sentence::add_empty_node(const Id& id) {
  if (id.first != n_words_ || id.last != n_empty_nodes_ + 1) {
    return bad_input("the empty node is {}.{}, but {}.{} is expected", id.first, id.last, n_words_,
                     n_empty_nodes_ + 1);
  }
  ++n_empty_nodes_;
  return {};
}

// The last gold words are those of the range, which ends the text.
void Sentence::place_range_words() {
  const std::string_view surface = std::string_view(document.text).substr(range_begin_bytes_);
  std::string spelled;
  for (const std::string& form : range_forms_) spelled += form;
  const std::size_t first = document.gold_words.size() - range_forms_.size();
  if (spelled == surface) {
    std::uint64_t begin = range_begin_bytes_;
    for (std::size_t i = 0; i < range_forms_.size(); ++i) {
      document.gold_words[first + i].begin_bytes = begin;
      begin += range_forms_[i].size();
      document.gold_words[first + i].end_bytes = begin;
    }
  } else {
    document.gold_words.resize(first + 1);
    document.gold_words[first].begin_bytes = range_begin_bytes_;
    document.gold_words[first].end_bytes = document.text.size();
  }
  range_forms_.clear();
}

Result<void> Sentence::end() {
  if (in_range())
    return bad_input("the sentence ends at word {}, inside a range up to {}", n_words_, range_last_);
  document.text += '\n';
  document.row_end_bytes = {document.text.size()};
  return {};
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\n") - begin + 1);
}

// `# key = value`; the value is empty where there is none.
struct Comment {
  std::string_view key;
  std::string_view value;
};

Comment parse_comment(std::string_view row) {
  row.remove_prefix(1);
  const std::size_t equals = row.find('=');
  if (equals == std::string_view::npos) return {trimmed(row), {}};
  return {trimmed(row.substr(0, equals)), trimmed(row.substr(equals + 1))};
}

void note_comment(std::string_view row, Sentence& sentence) {
  const Comment comment = parse_comment(row);
  if (comment.key == "newdoc" || comment.key == "newdoc id") {
    sentence.begins_document = true;
    if (!comment.value.empty()) sentence.document.title = comment.value;
  } else if (comment.key == "sent_id" && sentence.document.title.empty()) {
    sentence.document.title = comment.value;
  }
}

// What is kept of a row, in a text and a list that may have twice the room they need.
std::uint64_t kept_bytes(const Columns& columns) {
  return 2 * (sizeof(GoldWord) + columns[kForm].size() + 1) + columns[kUpos].size() + columns[kXpos].size();
}

// Reads up to the blank row after the next sentence, or the end of the file; a sentence without words: the
// end.
Result<Sentence> read_sentence(RowReader& reader) {
  Sentence sentence;
  std::string row;
  for (;;) {
    PENFIELD_TRY(const bool found, reader.next(row));
    if (found && row.ends_with('\n')) row.pop_back();
    // Editors leave white space in lines that look blank.
    const bool is_blank = row.find_first_not_of(" \t\r") == std::string::npos;
    if (!found || is_blank) {
      if (sentence.empty() && found) continue;
      if (sentence.empty()) return sentence;
      break;
    }
    if (sentence.empty()) {
      if (row.starts_with('#')) {
        note_comment(row, sentence);
        continue;
      }
      sentence.document.source = reader.source(reader.line_number());
    }
    const std::optional<Columns> columns = split_columns(row);
    if (row.starts_with('#') || (columns && sentence.ends_before((*columns)[kId]))) {
      return bad_input("{}: a sentence begins before the last has ended; put a blank line between them",
                       reader.place());
    }
    if (!columns) {
      return bad_input("{}: {} columns; a row of CoNLL-U has {}, with one tab between them", reader.place(),
                       1 + std::count(row.begin(), row.end(), '\t'), kColumns);
    }
    PENFIELD_TRY_VOID(reader.take_memory(kept_bytes(*columns)));
    const Result<void> added = sentence.add(*columns);
    if (!added) return bad_input("{}: {}", reader.place(), added.error().message);
  }
  const Result<void> ended = sentence.end();
  if (!ended) return bad_input("{}: {}", reader.place(), ended.error().message);
  return sentence;
}

// Adds the sentence to the document as its next row.
void append_sentence(Document& document, const Document& sentence) {
  const std::uint64_t begin = document.text.size();
  document.text += sentence.text;
  document.row_end_bytes.push_back(document.text.size());
  for (GoldWord word : sentence.gold_words) {
    word.begin_bytes += begin;
    word.end_bytes += begin;
    document.gold_words.push_back(std::move(word));
  }
}

}  // namespace

Result<void> read_conllu(RowReader& reader, const TextOptions& options, Corpus& corpus) {
  std::vector<Sentence> sentences;
  while (!options.max_rows || corpus.n_rows_read < *options.max_rows) {
    PENFIELD_TRY(Sentence sentence, read_sentence(reader));
    if (sentence.empty()) break;
    ++corpus.n_rows_read;
    PENFIELD_TRY_VOID(reader.take_memory(sizeof(Sentence) + sizeof(Document) +
                                         sentence.document.title.capacity() +
                                         sentence.document.source.capacity()));
    for (const GoldWord& word : sentence.document.gold_words) {
      corpus.has_gold = corpus.has_gold || !word.upos.empty() || !word.xpos.empty();
    }
    sentences.push_back(std::move(sentence));
  }
  const bool has_newdoc =
      std::any_of(sentences.begin(), sentences.end(), [](const Sentence& s) { return s.begins_document; });
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    if (i == 0 || !has_newdoc || sentences[i].begins_document) {
      corpus.documents.push_back(std::move(sentences[i].document));
    } else {
      append_sentence(corpus.documents.back(), sentences[i].document);
    }
  }
  return {};
}

bool looks_like_conllu(std::string_view first_row) {
  if (first_row.starts_with('#')) {
    const std::string_view key = parse_comment(first_row).key;
    constexpr std::array<std::string_view, 5> kKeys = {"newdoc", "newdoc id", "sent_id", "text",
                                                       "global.columns"};
    return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
  }
  const std::optional<Columns> columns = split_columns(first_row);
  return columns && ((*columns)[kId] == "1" || (*columns)[kId] == "1-2");
}

}  // namespace penfield::text
