#include "arrow_stream.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <deque>
#include <utility>
#include <vector>

namespace penfield::python {
namespace {

std::vector<std::uint8_t> bits(std::size_t n, const auto& is_set) {
  std::vector<std::uint8_t> out((n + 7) / 8);
  for (std::size_t i = 0; i < n; ++i) {
    if (is_set(i)) out[i / 8] = static_cast<std::uint8_t>(out[i / 8] | 1U << i % 8);
  }
  return out;
}

const char* format_of(const Cells& cells) {
  struct Format {
    const char* operator()(const std::vector<double>&) const { return "g"; }
    const char* operator()(const std::vector<std::uint64_t>&) const { return "l"; }
    const char* operator()(const Flags&) const { return "b"; }
    const char* operator()(const Texts&) const { return "U"; }  // UTF-8 with 64-bit offsets
  };
  return std::visit(Format{}, cells);
}

// Children of a schema or an array, and what their pointers point to.
template <class Node>
struct Family {
  std::shared_ptr<const Columns> table;
  std::vector<Node> nodes;
  std::vector<Node*> pointers;
};

// A child of a batch: its buffers, and those of them that are made for it.
struct Buffers {
  std::vector<const void*> pointers;
  std::vector<std::uint8_t> validity, flags;
};

struct Batch : Family<ArrowArray> {
  std::deque<Buffers> buffers;
  const void* no_validity = nullptr;
};

template <class Node>
void release_children(Node* node) {
  for (std::int64_t i = 0; i < node->n_children; ++i) {
    if (node->children[i]->release != nullptr) node->children[i]->release(node->children[i]);
  }
}

// A consumer may move a child out of its parent and release it later, so each node holds the memory of all.
template <class Whole, class Node>
void release_node(Node* node) {
  release_children(node);
  delete static_cast<std::shared_ptr<Whole>*>(node->private_data);
  node->release = nullptr;
}

void fill_validity(Buffers& out, ArrowArray& array, std::size_t n, const auto& is_valid) {
  std::size_t n_null = 0;
  for (std::size_t i = 0; i < n; ++i) n_null += is_valid(i) ? 0 : 1;
  array.null_count = static_cast<std::int64_t>(n_null);
  if (n_null > 0) out.validity = bits(n, is_valid);
  out.pointers.push_back(n_null > 0 ? out.validity.data() : nullptr);
}

struct Fill {
  Buffers& out;
  ArrowArray& array;

  void operator()(const std::vector<double>& cells) const {
    fill_validity(out, array, cells.size(), [&](std::size_t i) { return !std::isnan(cells[i]); });
    out.pointers.push_back(cells.data());
  }
  void operator()(const std::vector<std::uint64_t>& cells) const { out.pointers = {nullptr, cells.data()}; }
  void operator()(const Flags& cells) const {
    const std::vector<std::uint8_t>& values = cells.values;
    fill_validity(out, array, values.size(), [&](std::size_t i) { return values[i] != Flags::kNoFlag; });
    out.flags = bits(values.size(), [&](std::size_t i) { return values[i] == 1; });
    out.pointers.push_back(out.flags.data());
  }
  void operator()(const Texts& cells) const {
    fill_validity(out, array, cells.size(),
                  [&](std::size_t i) { return !cells.has_nulls || !cells.at(i).empty(); });
    out.pointers.push_back(cells.first.data());
    out.pointers.push_back(cells.bytes.data());
  }
};

void export_schema(std::shared_ptr<const Columns> table, ArrowSchema& out) {
  using Whole = Family<ArrowSchema>;
  auto whole = std::make_shared<Whole>();
  whole->table = std::move(table);
  const std::vector<Column>& columns = whole->table->columns;
  whole->nodes.resize(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    whole->nodes[i] = {format_of(columns[i].cells),
                       columns[i].name.c_str(),
                       nullptr,
                       ARROW_FLAG_NULLABLE,
                       0,
                       nullptr,
                       nullptr,
                       release_node<Whole, ArrowSchema>,
                       new std::shared_ptr<Whole>(whole)};
    whole->pointers.push_back(&whole->nodes[i]);
  }
  out = {"+s",
         "",
         nullptr,
         0,
         static_cast<std::int64_t>(columns.size()),
         whole->pointers.data(),
         nullptr,
         release_node<Whole, ArrowSchema>,
         new std::shared_ptr<Whole>(whole)};
}

void export_batch(std::shared_ptr<const Columns> table, ArrowArray& out) {
  auto batch = std::make_shared<Batch>();
  batch->table = std::move(table);
  const std::vector<Column>& columns = batch->table->columns;
  const auto n_rows = static_cast<std::int64_t>(batch->table->n_rows);
  batch->nodes.resize(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    ArrowArray& array = batch->nodes[i];
    Buffers& buffers = batch->buffers.emplace_back();
    array = {n_rows,
             0,
             0,
             0,
             0,
             nullptr,
             nullptr,
             nullptr,
             release_node<Batch, ArrowArray>,
             new std::shared_ptr<Batch>(batch)};
    std::visit(Fill{buffers, array}, columns[i].cells);
    array.n_buffers = static_cast<std::int64_t>(buffers.pointers.size());
    array.buffers = buffers.pointers.data();
    batch->pointers.push_back(&array);
  }
  Batch& held = *batch;
  out = {n_rows,
         0,
         0,
         1,
         static_cast<std::int64_t>(columns.size()),
         &held.no_validity,
         held.pointers.data(),
         nullptr,
         release_node<Batch, ArrowArray>,
         new std::shared_ptr<Batch>(std::move(batch))};
}

struct Stream {
  std::shared_ptr<const Columns> table;
  bool is_at_end = false;
};

Stream& state_of(ArrowArrayStream* stream) {
  return *static_cast<Stream*>(stream->private_data);
}

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  export_schema(state_of(stream).table, *out);
  return 0;
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  Stream& state = state_of(stream);
  if (state.is_at_end) {
    std::memset(out, 0, sizeof *out);  // released: the end
    return 0;
  }
  state.is_at_end = true;
  export_batch(state.table, *out);
  return 0;
}

void release_stream(ArrowArrayStream* stream) {
  delete static_cast<Stream*>(stream->private_data);
  stream->release = nullptr;
}

}  // namespace

void export_stream(std::shared_ptr<const Columns> table, ArrowArrayStream& out) {
  out = {get_schema, get_next, [](ArrowArrayStream*) -> const char* { return nullptr; }, release_stream,
         new Stream{std::move(table), false}};
}

}  // namespace penfield::python
