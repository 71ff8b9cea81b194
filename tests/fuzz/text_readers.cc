// Corpora, compressed streams, labels, word lists, and the files of tokenizers.
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "checks.h"
#include "penfield/formats/byte_stream.h"
#include "penfield/labels/label_file.h"
#include "penfield/labels/word_list.h"
#include "penfield/recorded/token_table.h"
#include "penfield/text/corpus.h"
#include "penfield/text/jsonl_object.h"
#include "penfield/tokens/tokenizer.h"
#include "penfield/tokens/tokenizer_config.h"
#include "penfield/tokens/tokenizer_json.h"
#include "penfield/tokens/vocab_files.h"
#include "readers.h"
#include "tape.h"

namespace penfield::fuzz {

void check_tokenizer(tokens::Spec spec) {
  constexpr std::string_view kText =
      "<s> The caf\u00e9\u2019s 1234 words\u3000end.\r\n\n \tab ab\U0001f600</s>\x01 (it's)";
  const tokens::Tokenizer tokenizer(std::move(spec));
  tokens::EncodeScratch scratch;
  std::vector<TokenId> ids;
  std::vector<std::uint64_t> end_bytes;
  tokenizer.encode(kText, scratch, ids, end_bytes);
  PENFIELD_CHECK(ids.size() == end_bytes.size());
  PENFIELD_CHECK(std::ranges::is_sorted(end_bytes));
  PENFIELD_CHECK(end_bytes.empty() || end_bytes.back() == kText.size());
  for (const TokenId id : ids) PENFIELD_CHECK(static_cast<std::size_t>(id) < tokenizer.vocab_size());
}

namespace {

using Seeds = std::vector<std::string>;

// Documents are whole: rows and gold words lie in the text.
void check_corpus(const text::Corpus& corpus) {
  for (const text::Document& document : corpus.documents) {
    PENFIELD_CHECK(std::ranges::is_sorted(document.row_end_bytes));
    PENFIELD_CHECK(document.row_end_bytes.back() == document.text.size());
    for (const text::GoldWord& word : document.gold_words)
      PENFIELD_CHECK(word.begin_bytes <= word.end_bytes && word.end_bytes <= document.text.size());
  }
}

// Strictly, or, where the number of bytes is odd, with everything replaced and left out that may be.
std::string read_text(std::string_view bytes, std::string_view name) {
  const std::vector<std::string> paths = {put_file(name, bytes)};
  text::TextOptions options;
  options.max_memory_bytes = std::uint64_t{1} << 26;
  if (bytes.size() % 2 == 1) {
    options.invalid_utf8 = text::InvalidUtf8::kReplace;
    options.skip_invalid = true;
    options.min_row_length = 3;
  }
  const auto corpus = text::read_corpus(paths, options);
  if (!corpus) return corpus.error().message;
  check_corpus(*corpus);
  for (const text::Document& document : corpus->documents) PENFIELD_CHECK(!document.text.empty());
  return "";
}
std::string read_plain(std::string_view bytes) {
  return read_text(bytes, "x.txt");
}
std::string read_jsonl(std::string_view bytes) {
  return read_text(bytes, "x.jsonl");
}
std::string read_conllu(std::string_view bytes) {
  return read_text(bytes, "x.conllu");
}
// One row of JSON Lines; many more of them in a second than of files.
std::string read_jsonl_row(std::string_view bytes) {
  (void)text::read_jsonl_object(bytes, text::InvalidUtf8::kReplace);
  return message_of(text::read_jsonl_object(bytes, text::InvalidUtf8::kRefuse));
}
Seeds plain_seeds() {
  return {" = Title = \n\n One row .\n = = Section = = \n Two .\n",
          "\xef\xbb\xbf"
          "a\r\nb\n\nc",
          "caf\u00e9 \U0001f600\n"};
}
Seeds jsonl_seeds() {
  return {
      "{\"text\": \"One row \\ud83d\\ude00.\", \"n\": 1.5e3}\n{\"meta\": [null, {}], \"text\": \"two\\n\"}\n",
      "{\"title\":\"t\",\"text\":\"a\\r\\nb\"}\n\n{\"text\":\"\"}\n"};
}
Seeds conllu_seeds() {
  return {
      "# newdoc id = d\n# text = Anna slept.\n1\tAnna\tAnna\tPROPN\tNNP\t_\t2\tnsubj\t_\t_\n"
      "2-3\tslept.\t_\t_\t_\t_\t_\t_\t_\t_\n2\tslept\tsleep\tVERB\tVBD\t_\t0\troot\t_\tSpaceAfter=No\n"
      "3\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_\n3.1\tx\t_\t_\t_\t_\t_\t_\t_\t_\n\n"};
}

// All bytes that the stream at `path` gives, read in pieces of an odd size; no more than so many.
Result<std::string> read_stream(const std::string& path) {
  constexpr std::size_t kMostBytes = std::size_t{1} << 22;
  PENFIELD_TRY(formats::ByteStream stream, formats::ByteStream::open(path));
  std::string out;
  std::array<char, 4099> piece{};
  while (out.size() < kMostBytes) {
    PENFIELD_TRY(const std::size_t n, stream.read(piece));
    if (n == 0) break;
    out.append(piece.data(), n);
  }
  return out;
}

std::string compress_gzip(std::string_view bytes, int level) {
  z_stream stream{};
  PENFIELD_CHECK(deflateInit2(&stream, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // NOLINT: zlib reads it
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  PENFIELD_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}
std::string compress_zstd(std::string_view bytes, int level) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t n = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), level);
  PENFIELD_CHECK(ZSTD_isError(n) == 0);
  out.resize(n);
  return out;
}

std::string read_gzip(std::string_view bytes) {
  return message_of(read_stream(put_file("x.gz", bytes)));
}
std::string read_zstd(std::string_view bytes) {
  return message_of(read_stream(put_file("x.zst", bytes)));
}

// Instructions: how often a byte is damaged or the end cut off, where, and members of a stream with their
// bytes. An undamaged stream gives those back.
std::string read_made_stream(std::string_view bytes, const char* name,
                             std::string (*compress)(std::string_view, int)) {
  Tape tape(bytes);
  const std::size_t n_damages = tape.byte() % 4;
  std::array<std::uint64_t, 4> where{};
  std::array<std::uint8_t, 4> with{};
  for (std::size_t i = 0; i < n_damages; ++i) {
    where.at(i) = tape.number();
    with.at(i) = tape.byte();
  }
  std::string stored, expected;
  do {
    const int level = tape.byte() % 10;
    const std::size_t repeat = 1 + tape.byte() % 64;
    const std::string_view text = tape.text();
    std::string member;
    for (std::size_t i = 0; i < repeat; ++i) member += text;
    stored += compress(member, level);
    expected += member;
  } while (!tape.is_empty());
  const std::string undamaged = stored;
  for (std::size_t i = 0; i < n_damages && !stored.empty(); ++i) {
    const std::size_t at = where.at(i) % stored.size();
    if (with.at(i) == 0) {
      stored.resize(at);
    } else {
      stored[at] = static_cast<char>(stored[at] ^ with.at(i));
    }
  }
  const auto read = read_stream(put_file(name, stored));
  PENFIELD_CHECK(stored != undamaged || (read.has_value() && *read == expected));
  return message_of(read);
}
std::string read_made_gzip(std::string_view bytes) {
  return read_made_stream(bytes, "made.gz", compress_gzip);
}
std::string read_made_zstd(std::string_view bytes) {
  return read_made_stream(bytes, "made.zst", compress_zstd);
}
Seeds gzip_seeds() {
  return {compress_gzip("One row.\nTwo.\n", 6),
          compress_gzip("a", 0) + compress_gzip(std::string(3000, 'b'), 9)};
}
Seeds zstd_seeds() {
  return {compress_zstd("One row.\nTwo.\n", 3),
          compress_zstd("a", 1) + compress_zstd(std::string(3000, 'b'), 19)};
}
Seeds made_stream_seeds() {
  return {std::string("\0\6\1\4text\1\77\3abc", 14), std::string("\0\0\0\0", 4)};
}

// One 0 or 1 a token, as text or as an array; words, one a line; words between commas.
std::string read_labels(std::string_view bytes) {
  return message_of(labels::read_label_file(put_file("x.labels", bytes), 4));
}
std::string read_words(std::string_view bytes) {
  const auto words = labels::WordList::read(put_file("words.txt", bytes));
  if (words) {
    constexpr std::string_view kText = "Paris's caf\u00e9, London; New-York \u03a9";
    for (const spelling::Span& span : words->find_in(kText))
      PENFIELD_CHECK(span.begin_bytes < span.end_bytes && span.end_bytes <= kText.size());
  }
  (void)labels::WordList::parse(bytes);
  return message_of(words);
}
std::string read_token_table(std::string_view bytes) {
  const auto table = recorded::read_token_table(put_file("tokens.tsv", bytes));
  if (table) {
    check_corpus(table->corpus);
    PENFIELD_CHECK(table->stream.n_documents() == table->corpus.documents.size());
  }
  return message_of(table);
}

std::string read_tokenizer(std::string_view bytes) {
  auto spec = tokens::parse_tokenizer_json(bytes, "tokenizer.json");
  if (!spec) return spec.error().message;
  check_tokenizer(*std::move(spec));
  return "";
}
Seeds tokenizer_seeds() {
  return {
      R"({"added_tokens": [{"id": 3, "content": "<s>", "special": true}], "normalizer": {"type": "NFC"},
 "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true},
 "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "<s>": 3}, "merges": ["a b"]}})",
      R"({"added_tokens": [{"id": 0, "content": "<s>", "special": true, "normalized": false, "lstrip": true}],
 "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"},
   {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}, "pre_tokenizer": null,
 "post_processor": {"type": "TemplateProcessing",
   "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
   "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}}},
 "model": {"type": "BPE", "byte_fallback": true, "fuse_unk": true, "unk_token": "a", "ignore_merges": true,
   "vocab": {"<s>": 0, "<0x0A>": 1, "▁": 2, "a": 3, "b": 4, "▁a": 5}, "merges": [["▁", "a"]]}})",
      R"({"added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
   {"type": "Digits", "individual_digits": true}, {"type": "Split", "pattern": {"Regex":
   "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"},
   "behavior": "Isolated", "invert": false}, {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]},
 "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": []}})"};
}

std::string read_tokenizer_config(std::string_view bytes) {
  static const std::string kFolder = [] {
    std::string folder = scratch_folder() + "/tokenizer";
    std::filesystem::create_directory(folder);
    return folder;
  }();
  put_file("tokenizer/tokenizer_config.json", bytes);
  put_file("tokenizer/special_tokens_map.json", bytes);
  return message_of(tokens::read_tokenizer_config(kFolder));
}
Seeds tokenizer_config_seeds() {
  return {R"({"bos_token": {"content": "<s>", "lstrip": false, "normalized": false}, "eos_token": "</s>",
 "add_bos_token": true, "add_prefix_space": false, "additional_special_tokens": ["<pad>"],
 "added_tokens_decoder": {"0": {"content": "<unk>", "special": true}}})",
          "{}"};
}

std::string read_vocabulary(std::string_view bytes) {
  auto spec = tokens::parse_vocabulary(bytes, "vocab.json");
  if (!spec) return spec.error().message;
  check_tokenizer(*std::move(spec));
  return "";
}
std::string read_merges(std::string_view bytes) {
  static const tokens::Spec kSpec =
      tokens::parse_vocabulary(R"({"a":0,"b":1,"ab":2,"aba":3,"bab":4,"abab":5})", "vocab.json").value();
  tokens::Spec spec = kSpec;
  const auto merged = tokens::parse_merges(bytes, "merges.txt", spec);
  if (!merged) return merged.error().message;
  check_tokenizer(std::move(spec));
  return "";
}

constexpr std::array kReaders = {
    Reader{"plain-text", " = Title = \xef\xbb\xbf \xe2\x80\xa8 \xc3( \xf0\x9f\x98\x80", plain_seeds,
           read_plain},
    Reader{"jsonl", R"("text": "title": {} [] null \ud83d \u0000 \n \r\n 1e999)", jsonl_seeds, read_jsonl},
    Reader{"jsonl-row", R"("text": "title": {} [] null \ud83d \u0000 \n 1e999)",
           [] {
             return Seeds{
                 R"({"text": "One \u00e9\ud83d\ude00 \"row\".", "n": [1.5e3, {"text": null}], "title": "t"})",
                 R"({"text":""})"};
           },
           read_jsonl_row},
    Reader{"conllu", "SpaceAfter=No newdoc sent_id PROPN 1-2 1.1 # _", conllu_seeds, read_conllu},
    Reader{"gzip", "", gzip_seeds, read_gzip},
    Reader{"gzip-made", "", made_stream_seeds, read_made_gzip},
    Reader{"zstd", "", zstd_seeds, read_zstd},
    Reader{"zstd-made", "", made_stream_seeds, read_made_zstd},
    Reader{"labels", "0 1 NUMPY",
           [] {
             return Seeds{"0\n1\n1\n0\n", "0 1 1\t0"};
           },
           read_labels},
    Reader{"words", "\xef\xbb\xbf 's , paris", [] { return Seeds{"Paris\nLondon\r\n\ncaf\u00e9\n"}; },
           read_words},
    Reader{"tokens.tsv", "token document token_id position label:x 0 1 NA True 1.0 \"\"",
           [] {
             return Seeds{
                 "token\tdocument\ttoken_id\tlabel:x\n Paris\ta\t1\t1\n\" \"\"x\"\ta\t2\tNA\n<b>\tb\t3\t0\n"};
           },
           read_token_table},
    Reader{
        "tokenizer.json",
        R"("added_tokens": "id": "content": "special": "normalizer": "type": "NFC" "Replace" "Prepend" )"
        R"("Sequence" "pattern": "String" "Regex" "pre_tokenizer": "ByteLevel" "Split" "Digits" "Metaspace" )"
        R"("post_processor": "TemplateProcessing" "model": "BPE" "vocab": "merges": "byte_fallback": null true)",
        tokenizer_seeds, read_tokenizer},
    Reader{"tokenizer_config.json",
           R"("bos_token": "add_bos_token": "add_prefix_space": "unk_token": {"content": null true)",
           tokenizer_config_seeds, read_tokenizer_config},
    Reader{"vocab.json", R"("ab": "aba": 257 "<|endoftext|>": {} -1)",
           [] { return Seeds{R"({"a":0,"b":1,"ab":2,"\u0120a":3,"<|endoftext|>":4})"}; }, read_vocabulary},
    Reader{"merges.txt", "#version ab aba",
           [] {
             return Seeds{"#version: 0.2\na b\nab a\n", "a b\r\nab ab\r\n"};
           },
           read_merges},
};

}  // namespace

std::span<const Reader> text_readers() {
  return kReaders;
}

}  // namespace penfield::fuzz
