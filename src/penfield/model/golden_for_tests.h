// For tests: goldens of the forward pass, as tools/make_model_goldens.py and tools/make_family_goldens.py
// write them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "penfield/formats/json.h"
#include "penfield/formats/npy.h"
#include "penfield/model/model.h"

namespace penfield::model {

struct ExpectedArray {
  Site site;
  std::uint32_t layer;
  std::size_t offset, first_column, column_step, n_columns;
  double max_abs;
};

struct Expected {
  std::vector<TokenId> tokens;
  std::vector<std::size_t> rows;
  std::vector<ExpectedArray> arrays;
  std::vector<float> values;
  std::vector<double> losses;
};

inline Expected read_expected(const std::string& folder) {
  const auto json = formats::read_json_file(folder + "/expected.json").value();
  Expected expected;
  for (const auto& token : json.at("tokens")) expected.tokens.push_back(TokenId{token.get<std::uint32_t>()});
  expected.rows = json.at("rows").get<std::vector<std::size_t>>();
  for (const auto& array : json.at("arrays")) {
    expected.arrays.push_back({parse_site(array.at("site").get<std::string>()).value(), array.at("layer"),
                               array.at("offset"), array.at("first_column"), array.at("column_step"),
                               array.at("n_columns"), array.at("max_abs")});
  }
  const auto values = formats::NpyFile::open(folder + "/expected.npy").value();
  expected.values.assign(values.values<float>().begin(), values.values<float>().end());
  expected.losses = formats::NpyFile::open(folder + "/losses.npy").value().to_doubles();
  return expected;
}

// max|Δ| / max|a| of every site and layer.
using Errors = std::map<std::pair<Site, std::uint32_t>, double>;
inline Errors errors_of(const Model& model, const Expected& expected) {
  TapRequest request{{}, std::vector<std::uint32_t>(model.architecture().n_layers())};
  for (const ExpectedArray& array : expected.arrays) request.sites.push_back(array.site);
  std::iota(request.layers.begin(), request.layers.end(), 0u);
  auto buffers = model.make_buffers(expected.tokens.size());
  Errors errors;
  const Sequence sequence(expected.tokens);
  const auto result = model.forward({&sequence, 1}, request, buffers, [&](const Tap& tap) {
    const auto array =
        std::find_if(expected.arrays.begin(), expected.arrays.end(), [&](const ExpectedArray& candidate) {
          return candidate.site == tap.site && candidate.layer == tap.layer;
        });
    ASSERT_NE(array, expected.arrays.end());
    double& error = errors[{tap.site, tap.layer}];
    const float* value = expected.values.data() + array->offset;
    for (const std::size_t row : expected.rows) {
      for (std::size_t i = 0; i < array->n_columns; ++i, ++value) {
        const float found = tap.values(row, array->first_column + i * array->column_step);
        error = std::max(error,
                         std::abs(static_cast<double>(found) - static_cast<double>(*value)) / array->max_abs);
      }
    }
  });
  EXPECT_TRUE(result.has_value()) << result.error().message;
  return errors;
}

}  // namespace penfield::model
