// penfield._penfield: what the Python package calls. Arrays and command-line arguments in, columns out;
// names, defaults, docstrings and types are those of the Python sources beside it.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "arrays.h"
#include "arrow_stream.h"
#include "columns.h"
#include "fonts.h"
#include "heat_html.h"
#include "host.h"
#include "option_list.h"
#include "penfield/association/fit.h"
#include "penfield/base/parallel.h"
#include "penfield/report/terminal/terminal.h"
#include "penfield/report/words/headline.h"
#include "penfield/report/words/lookup.h"
#include "penfield/report/words/run_story.h"
#include "penfield/store/result_folder.h"
#include "penfield/store/run_json.h"
#include "version.h"
#include "work.h"

namespace nb = nanobind;

namespace penfield::python {
namespace {

using Table = std::shared_ptr<const Columns>;
using Numbers = std::tuple<std::string, nb::object>;  // kind, values

Table share(Columns columns) {
  return std::make_shared<const Columns>(std::move(columns));
}

// A read-only view of memory that `owner` keeps.
template <class T>
nb::object view(const T* data, std::initializer_list<std::size_t> shape, nb::handle owner) {
  return nb::cast(nb::ndarray<nb::array_api, const T, nb::device::cpu>(data, shape, owner));
}

struct CellsAsObject {
  std::size_t n;
  nb::handle owner;

  Numbers operator()(const std::vector<double>& cells) const {
    return {"float", view(cells.data(), {n}, owner)};
  }
  Numbers operator()(const std::vector<std::uint64_t>& cells) const {
    return {"int", view(reinterpret_cast<const std::int64_t*>(cells.data()), {n}, owner)};
  }
  Numbers operator()(const Flags& cells) const { return {"flag", view(cells.values.data(), {n}, owner)}; }
  Numbers operator()(const Texts& cells) const {
    nb::list out;
    for (std::size_t i = 0; i < n; ++i) {
      const std::string_view text = cells.at(i);
      if (cells.has_nulls && text.empty()) {
        out.append(nb::none());
      } else {
        out.append(nb::str(text.data(), text.size()));
      }
    }
    return {"text", std::move(out)};
  }
};

// A Python object of its own, so that the views of its columns can keep it alive.
struct PyTable {
  Table columns;
};

Numbers column(nb::handle self, const std::string& name) {
  const Table& table = nb::cast<PyTable&>(self).columns;
  for (const Column& each : table->columns) {
    if (each.name == name) return std::visit(CellsAsObject{table->n_rows, self}, each.cells);
  }
  throw nb::key_error(name.c_str());
}

nb::object arrow_stream(const PyTable& table) {
  auto* stream = new ArrowArrayStream;
  export_stream(table.columns, *stream);
  PyObject* capsule = PyCapsule_New(stream, "arrow_array_stream", [](PyObject* self) {
    auto* held = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(self, "arrow_array_stream"));
    if (held->release != nullptr) held->release(held);
    delete held;
  });
  if (capsule == nullptr) throw nb::python_error();
  return nb::steal(capsule);
}

std::vector<std::string> names(const PyTable& table) {
  std::vector<std::string> out;
  for (const Column& each : table.columns->columns) out.push_back(each.name);
  return out;
}

// ---- associate

struct Given {
  nb::object x, y, covariates, cluster, groups;
};

std::optional<Array> optional_array(const nb::object& object, const char* name) {
  if (object.is_none()) return std::nullopt;
  return to_array(object, name);
}

std::optional<matrix_file::Values> optional_values(const std::optional<Array>& array, const char* name) {
  if (!array) return std::nullopt;
  return to_values(*array, name);
}

PyTable associate(const Given& given, bool as_bfloat16, bool is_paged,
                  const std::vector<std::string>& arguments, const nb::object& progress) {
  const std::optional<Array> x = optional_array(given.x, "X");
  const Array y = to_array(given.y, "y");
  const std::optional<Array> covariates = optional_array(given.covariates, "covariates");
  const std::optional<Array> cluster = optional_array(given.cluster, "cluster");
  const std::optional<Array> groups = optional_array(given.groups, "groups");
  matrix_file::ArrayLayout layout;
  if (x) {
    layout = to_layout(*x, "X", as_bfloat16);
    layout.is_paged = is_paged;
  }
  Table out;
  run_job(progress, [&](const Watch::Report& report, const std::stop_token& stop) -> Result<void> {
    std::optional<matrix_file::ArrayMatrix> matrix;  // none: the file that the arguments name
    if (x) matrix.emplace("X", layout);
    const matrix_file::AssociateInput input{.x = matrix ? &*matrix : nullptr,
                                            .y = to_values(y, "y"),
                                            .covariates = optional_values(covariates, "covariates"),
                                            .clusters = optional_values(cluster, "cluster"),
                                            .blocks = optional_values(groups, "groups")};
    const app::Host host{.progress = report,
                         .matrices = &input,
                         .take_associations = [&](const matrix_file::Associations& result) -> Result<void> {
                           PENFIELD_TRY(Columns columns, columns_of(result.columns, Watch({}, stop)));
                           out = share(std::move(columns));
                           return {};
                         },
                         .take_labels = {},
                         .activations = {}};
    PENFIELD_TRY([[maybe_unused]] const std::string printed, app::run_arguments(arguments, host, stop));
    return {};
  });
  return {std::move(out)};
}

// The engine alone on memory of Python, for benchmarks: seconds of fit_columns.
double fit_columns_seconds(const nb::object& x, const nb::object& y, int n_threads) {
  const Array array = to_array(x, "X"), labels = to_array(y, "y");
  const matrix_file::ArrayMatrix matrix("X", to_layout(array, "X", false));
  const std::optional<MatrixView<const float>> values = matrix.floats();
  if (!values || labels.dtype() != nb::dtype<std::uint8_t>())
    throw Raised{{ErrorKind::kUsage, "X must be float32 in C order, and y uint8"}};
  const std::span<const std::uint8_t> targets(static_cast<const std::uint8_t*>(labels.data()), labels.size());
  const nb::gil_scoped_release unlocked;
  set_threads(n_threads);
  const auto start = std::chrono::steady_clock::now();
  const association::FitTable table = association::fit_columns(*values, targets);
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  return table.rows.empty() ? 0 : time.count();
}

// ---- the commands

std::string run(const std::vector<std::string>& arguments, const nb::object& progress) {
  std::string out;
  run_job(progress, [&](const Watch::Report& report, const std::stop_token& stop) -> Result<void> {
    PENFIELD_TRY(out, app::run_arguments(arguments, {.progress = report}, stop));
    return {};
  });
  return out;
}

PyTable label(const std::vector<std::string>& arguments, const nb::object& progress) {
  Table out;
  run_job(progress, [&](const Watch::Report& report, const std::stop_token& stop) -> Result<void> {
    app::Host host{.progress = report};
    host.take_labels = [&](const study::LabelledText& text) { out = share(columns_of(text)); };
    PENFIELD_TRY([[maybe_unused]] const std::string printed, app::run_arguments(arguments, host, stop));
    return {};
  });
  return {std::move(out)};
}

std::pair<nb::object, PyTable> activations(const std::vector<std::string>& arguments,
                                           const nb::object& progress) {
  Table tokens;
  auto values = std::make_unique<std::vector<float>>();
  std::size_t n_rows = 0, n_cols = 0;
  run_job(progress, [&](const Watch::Report& report, const std::stop_token& stop) -> Result<void> {
    app::Host host{.progress = report};
    host.take_labels = [&](const study::LabelledText& text) { tokens = share(columns_of(text)); };
    host.activations = [&](std::uint64_t rows, std::uint64_t cols) {
      n_rows = static_cast<std::size_t>(rows);
      n_cols = static_cast<std::size_t>(cols);
      values->resize(n_rows * n_cols);
      return MatrixView<float>(values->data(), n_rows, n_cols);
    };
    PENFIELD_TRY([[maybe_unused]] const std::string printed, app::run_arguments(arguments, host, stop));
    return {};
  });
  float* data = values->data();
  const nb::capsule owner(values.release(),
                          [](void* held) noexcept { delete static_cast<std::vector<float>*>(held); });
  return {nb::cast(nb::ndarray<nb::array_api, float, nb::device::cpu>(data, {n_rows, n_cols}, owner)),
          PyTable{std::move(tokens)}};
}

// Name, values and help of each option of a command.
using OptionText = std::tuple<std::string, std::string, std::string, bool>;
std::vector<OptionText> options(const std::string& command) {
  std::vector<OptionText> out;
  for (const app::OptionGroup& group : app::describe_command(command).groups) {
    for (const app::OptionEntry& option : group.options) {
      if (!option.long_names.empty())
        out.emplace_back(option.long_names.front(), option.value, option.text, option.several);
    }
  }
  return out;
}

// ---- a result folder

class PyResult {
 public:
  explicit PyResult(std::string folder) : folder_(std::move(folder)) {
    const nb::gil_scoped_release unlocked;
    store::ResultData read = value_or_raise(store::read_result(folder_));
    data_ = {std::move(read.run), std::move(read.units), std::move(read.heatmaps)};
  }

  [[nodiscard]] std::string run_json() const { return store::format_run_json(data_.run); }
  [[nodiscard]] std::string title() const { return report::tell_run(data_).title; }
  [[nodiscard]] std::vector<std::string> headline() const { return report::tell_headline(data_); }
  [[nodiscard]] std::vector<std::string> found() const {
    std::vector<std::string> out;
    for (const report::Sentence& sentence : report::tell_run(data_).found)
      out.push_back(report::plain(sentence));
    return out;
  }
  [[nodiscard]] PyTable units() const { return {share(columns_of(data_.units))}; }
  [[nodiscard]] PyTable samples() const {
    return {share(columns_of(value_or_raise(store::read_samples(folder_))))};
  }
  [[nodiscard]] PyTable windows() const { return {share(columns_of(data_.heatmaps.tokens))}; }

  // By effect where the scan knows it, else by p, as the terminal and the page rank units.
  [[nodiscard]] PyTable top(std::size_t n, std::optional<std::uint32_t> layer) const {
    std::vector<const findings::Finding*> best = report::surviving_units(data_, n, layer);
    if (best.empty()) best = report::top_units(data_, n, layer);
    std::vector<findings::Finding> rows;
    rows.reserve(best.size());
    for (const findings::Finding* unit : best) rows.push_back(*unit);
    return {share(columns_of(rows))};
  }
  [[nodiscard]] std::string card(const std::string& unit, std::size_t width) const {
    return value_or_raise(report::show_unit(data_, parse(unit), {.width = width}));
  }
  [[nodiscard]] std::vector<std::string> heatmap_units() const {
    std::vector<std::string> out;
    for (const UnitId& unit : data_.heatmaps.units) out.push_back(to_string(unit));
    return out;
  }
  // The terminal's error names the units that have one.
  [[nodiscard]] std::string heatmap_html(const std::string& unit) const {
    const UnitId id = parse(unit);
    value_or_raise(report::show_heatmap(data_, id, sample::Split::kDiscovery, {}, 1));
    std::string out = "<b>discovery</b>" + heat_html(data_, id, sample::Split::kDiscovery);
    const std::string held_out = heat_html(data_, id, sample::Split::kHeldOut);
    return held_out.empty() ? out : out + "<b>held out</b>" + held_out;
  }
  static nb::object heatmap(nb::handle self, const std::string& unit) {
    const auto& result = nb::cast<const PyResult&>(self);
    const UnitId id = parse(unit);
    value_or_raise(report::show_heatmap(result.data_, id, sample::Split::kDiscovery, {}, 1));
    const std::span<const float> values = report::heatmap_values(result.data_.heatmaps, id);
    return view(values.data(), {values.size()}, self);
  }

 private:
  static UnitId parse(const std::string& unit) { return value_or_raise(parse_unit(unit)); }

  std::string folder_;
  report::ReportData data_;
};

}  // namespace
}  // namespace penfield::python

NB_MODULE(_penfield, module) {
  using namespace penfield::python;
  module.doc() = "Penfield's rooms, as the Python package calls them.";
  module.def("version", [] { return std::string(penfield::app::kVersion); });
  define_errors();
  nb::class_<PyTable>(module, "Table")
      .def_prop_ro("names", names)
      .def_prop_ro("n_rows", [](const PyTable& table) { return table.columns->n_rows; })
      .def("column", [](nb::handle self, const std::string& name) { return column(self, name); })
      .def("tsv",
           [](const PyTable& table) {
             const std::string text = to_tsv(*table.columns);
             return nb::bytes(text.data(), text.size());
           })
      .def("arrow_stream", arrow_stream);
  nb::class_<PyResult>(module, "Result")
      .def(nb::init<std::string>())
      .def_prop_ro("run_json", &PyResult::run_json)
      .def_prop_ro("title", &PyResult::title)
      .def_prop_ro("headline", &PyResult::headline)
      .def_prop_ro("found", &PyResult::found)
      .def_prop_ro("heatmap_units", &PyResult::heatmap_units)
      .def("units", &PyResult::units)
      .def("samples", &PyResult::samples)
      .def("windows", &PyResult::windows)
      .def("top", &PyResult::top, nb::arg("n"), nb::arg("layer").none())
      .def("card", &PyResult::card)
      .def("heatmap", [](nb::handle self, const std::string& unit) { return PyResult::heatmap(self, unit); })
      .def("heatmap_html", &PyResult::heatmap_html);
  module.def(
      "associate",
      [](nb::object x, nb::object y, nb::object covariates, nb::object cluster, nb::object groups,
         bool as_bfloat16, bool is_paged, const std::vector<std::string>& arguments, nb::object progress) {
        return associate(
            {std::move(x), std::move(y), std::move(covariates), std::move(cluster), std::move(groups)},
            as_bfloat16, is_paged, arguments, progress);
      },
      nb::arg("x").none(), nb::arg("y"), nb::arg("covariates").none(), nb::arg("cluster").none(),
      nb::arg("groups").none(), nb::arg("as_bfloat16"), nb::arg("is_paged"), nb::arg("arguments"),
      nb::arg("progress").none());
  module.def("fit_columns_seconds", fit_columns_seconds, nb::arg("x"), nb::arg("y"), nb::arg("n_threads"));
  module.def("add_fonts", add_fonts, nb::arg("folder"));
  module.def("run", run, nb::arg("arguments"), nb::arg("progress").none());
  module.def("label", label, nb::arg("arguments"), nb::arg("progress").none());
  module.def("activations", activations, nb::arg("arguments"), nb::arg("progress").none());
  module.def("options", options, nb::arg("command"));
}
