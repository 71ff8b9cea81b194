// A flag whose value is one word of a list, each of which stands for a value.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "flags.h"

namespace penfield::app {

// `out` is a T, or an optional one that stays empty where the flag is not given.
template <class T, class Out>
CLI::Option* add_choice(CLI::App& command, const std::string& name, Out& out,
                        std::vector<std::pair<std::string, T>> choices, const std::string& help) {
  std::vector<std::string> words;
  words.reserve(choices.size());
  for (const auto& choice : choices) words.push_back(choice.first);
  const auto take = [&out, choices = std::move(choices)](const std::string& word) {
    out = std::find_if(choices.begin(), choices.end(), [&](const auto& choice) {
            return choice.first == word;
          })->second;
  };
  return command.add_option_function<std::string>(name, take, help)->check(one_of(words));
}

}  // namespace penfield::app
