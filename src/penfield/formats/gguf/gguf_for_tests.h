// GGUF files as bytes, also broken ones. For tests only.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace penfield::formats {

template <class T>
std::string gguf_number(T value) {
  std::string out(sizeof(T), '\0');
  std::memcpy(out.data(), &value, sizeof(T));
  return out;
}
inline std::string gguf_string(std::string_view text) {
  return gguf_number<std::uint64_t>(text.size()).append(text);
}
// type and value
inline std::string gguf_u32(std::uint32_t value) {
  return gguf_number<std::uint32_t>(4) + gguf_number(value);
}
inline std::string gguf_text(std::string_view text) {
  return gguf_number<std::uint32_t>(8) + gguf_string(text);
}
inline std::string gguf_array(std::uint32_t element_type, std::uint64_t n, std::string_view elements) {
  return gguf_number<std::uint32_t>(9) + gguf_number(element_type) + gguf_number(n).append(elements);
}

// What a test changes of a valid file, it changes here.
struct GgufBytes {
  std::string magic = "GGUF";
  std::uint32_t version = 3;
  std::uint64_t alignment = 32;
  struct Pair {
    std::string key;
    std::string value;  // type and value
  };
  std::vector<Pair> pairs;
  struct Info {
    std::string name;
    std::vector<std::uint64_t> dims;
    std::uint32_t type = 0;
    std::uint64_t offset = 0;
  };
  std::vector<Info> tensors;
  std::string data;
  std::uint64_t more_pairs = 0, more_tensors = 0;  // announced, but not there

  // A tensor behind the others, at the next multiple of the alignment.
  void add(std::string_view name, std::vector<std::uint64_t> dims, std::uint32_t type,
           std::string_view bytes) {
    data.resize((data.size() + alignment - 1) / alignment * alignment);
    tensors.push_back({std::string(name), std::move(dims), type, data.size()});
    data.append(bytes);
  }
  [[nodiscard]] std::string header() const {
    std::string out = magic + gguf_number(version) + gguf_number(tensors.size() + more_tensors) +
                      gguf_number(pairs.size() + more_pairs);
    for (const Pair& pair : pairs) out += gguf_string(pair.key) + pair.value;
    for (const Info& info : tensors) {
      out +=
          gguf_string(info.name) + gguf_number<std::uint32_t>(static_cast<std::uint32_t>(info.dims.size()));
      for (const std::uint64_t n : info.dims) out += gguf_number(n);
      out += gguf_number(info.type) + gguf_number(info.offset);
    }
    return out;
  }
  [[nodiscard]] std::string bytes() const {
    std::string out = header();
    out.resize((out.size() + alignment - 1) / alignment * alignment);
    return out + data;
  }
};

// Every type of value, and three tensors.
inline GgufBytes small_gguf() {
  GgufBytes file;
  file.pairs = {{"general.architecture", gguf_text("llama")},
                {"a.u8", gguf_number<std::uint32_t>(0) + "\xff"},
                {"a.i8", gguf_number<std::uint32_t>(1) + "\xff"},
                {"a.u16", gguf_number<std::uint32_t>(2) + gguf_number<std::uint16_t>(65535)},
                {"a.i16", gguf_number<std::uint32_t>(3) + gguf_number<std::int16_t>(-2)},
                {"a.u32", gguf_u32(4000000000u)},
                {"a.i32", gguf_number<std::uint32_t>(5) + gguf_number<std::int32_t>(-3)},
                {"a.f32", gguf_number<std::uint32_t>(6) + gguf_number(1.5f)},
                {"a.bool", gguf_number<std::uint32_t>(7) + "\x01"},
                {"a.u64", gguf_number<std::uint32_t>(10) + gguf_number<std::uint64_t>(~std::uint64_t{0})},
                {"a.i64", gguf_number<std::uint32_t>(11) + gguf_number<std::int64_t>(-4)},
                {"a.f64", gguf_number<std::uint32_t>(12) + gguf_number(0.1)},
                {"a.strings", gguf_array(8, 3, gguf_string("x") + gguf_string("") + gguf_string("yz"))},
                {"a.bools", gguf_array(7, 2, std::string("\x00\x01", 2))},
                {"a.i32s", gguf_array(5, 2, gguf_number<std::int32_t>(7) + gguf_number<std::int32_t>(-8))},
                {"a.f32s", gguf_array(6, 1, gguf_number(2.5f))},
                {"a.nested", gguf_array(9, 2,
                                        gguf_number<std::uint32_t>(0) + gguf_number<std::uint64_t>(1) + "q" +
                                            gguf_number<std::uint32_t>(8) + gguf_number<std::uint64_t>(1) +
                                            gguf_string("r"))}};
  file.add("token_embd.weight", {2, 3}, 0, std::string(24, '\x3f'));
  file.add("blk.0.ffn_up.weight", {64, 1}, 2, std::string(36, '\x01'));
  file.add("output_norm.weight", {3}, 1, std::string(6, '\x3c'));
  return file;
}

}  // namespace penfield::formats
