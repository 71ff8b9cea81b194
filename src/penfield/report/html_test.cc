// The page as a browser would take it: whole, inert, and saying what the data say.
#include "penfield/report/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

#include "penfield/report/html_parts.h"
#include "penfield/report/lookup.h"
#include "penfield/report/synthetic_report.h"

namespace penfield::report {
namespace {

bool has(const std::string& page, std::string_view part) {
  return page.find(part) != std::string::npos;
}

std::size_t count(const std::string& page, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = page.find(part); at != std::string::npos; at = page.find(part, at + 1)) ++n;
  return n;
}

// Every tag of the page, without its attributes ("p", "/p", "br"); quotes in attributes are respected.
struct Tag {
  std::string name;
  std::string attributes;
  bool closes_itself = false;
};
std::vector<Tag> tags_of(const std::string& page) {
  std::vector<Tag> tags;
  for (std::size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at)) {
    std::size_t end = at + 1;
    bool in_quotes = false;
    while (end < page.size() && (in_quotes || page[end] != '>')) {
      if (page[end] == '"') in_quotes = !in_quotes;
      ++end;
    }
    const std::string inside = page.substr(at + 1, end - at - 1);
    const std::size_t name_end = inside.find_first_of(" \n");
    tags.push_back({inside.substr(0, name_end), name_end == std::string::npos ? "" : inside.substr(name_end),
                    inside.ends_with('/')});
    at = end;
  }
  return tags;
}

void expect_well_formed(const std::string& page) {
  static const std::set<std::string> kVoid = {"!DOCTYPE", "meta", "link", "br"};
  std::vector<std::string> open;
  for (const Tag& tag : tags_of(page)) {
    if (kVoid.contains(tag.name) || tag.closes_itself) continue;
    if (!tag.name.starts_with('/')) {
      open.push_back(tag.name);
      continue;
    }
    ASSERT_FALSE(open.empty()) << tag.name;
    ASSERT_EQ("/" + open.back(), tag.name);
    open.pop_back();
  }
  EXPECT_TRUE(open.empty());
}

TEST(Html, IsWellFormedAndNeedsNothingElse) {
  const std::string page = render_html(make_synthetic_report());
  expect_well_formed(page);
  EXPECT_TRUE(has(page, "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\""));
  for (const std::string_view forbidden : {"<script", "javascript:", "<iframe", "@import", "url(http",
                                           "src=\"http", "href=\"http", " onload=", "<form"}) {
    EXPECT_FALSE(has(page, forbidden)) << forbidden;
  }
  EXPECT_TRUE(render_html(make_synthetic_report()) == page) << "the same data give the same bytes";
}

TEST(Html, SaysWhatTheDataSay) {
  const ReportData data = make_synthetic_report();
  const std::string page = render_html(data);
  for (const std::string_view part :
       {"<h1>proper-noun in synthetic-gpt2</h1>", "Only 81 distinct tokens", "Layer by layer", "Top units",
        "Method", "Provenance", "20240229", "--window 256", "forward 1.8 s", "peak memory 233 MiB"}) {
    EXPECT_TRUE(has(page, part)) << part;
  }
  EXPECT_TRUE(has(page, std::string(64, 'b')));
  EXPECT_EQ(count(page, "<figure"), 5u);
  EXPECT_EQ(count(page, "role=\"img\" aria-labelledby="), 10u) << "each figure for light and for dark ground";
  EXPECT_EQ(count(page, "<article"), data.heatmaps.units.size());
  EXPECT_EQ(count(page, "class=\"paper\""), 2 * data.heatmaps.units.size());
  EXPECT_EQ(count(page, "<div class=\"legend\">"), data.heatmaps.units.size());
  EXPECT_EQ(count(page, "<caption>"), 2u);
  EXPECT_TRUE(has(page, "<u>Wexley</u>"));
  EXPECT_FALSE(has(page, ">nan<"));
  EXPECT_FALSE(has(page, " nan"));
}

TEST(Html, IdsAreUniqueAndLinksLeadSomewhere) {
  const std::string page = render_html(make_synthetic_report());
  std::set<std::string> ids;
  std::vector<std::string> targets;
  const auto value_after = [](const std::string& text, std::size_t at) {
    return text.substr(at, text.find_first_of("\") ", at) - at);
  };
  for (const Tag& tag : tags_of(page)) {
    if (const std::size_t at = tag.attributes.find(" id=\""); at != std::string::npos) {
      EXPECT_TRUE(ids.insert(value_after(tag.attributes, at + 5)).second) << tag.attributes;
    }
    for (const std::string_view reference :
         {"href=\"#", "url(#", "aria-labelledby=\"", "aria-describedby=\""}) {
      const std::size_t at = tag.attributes.find(reference);
      if (at != std::string::npos) targets.push_back(value_after(tag.attributes, at + reference.size()));
    }
  }
  EXPECT_GT(targets.size(), 100u);
  for (const std::string& target : targets) EXPECT_TRUE(ids.contains(target)) << target;
}

TEST(Html, HostileTextIsInertAndVisible) {
  ReportData data = make_synthetic_report();
  const std::array<std::string, 6> hostile = {"<script>alert(1)</script>",
                                              "\"></style><img src=x onerror=alert(1)>",
                                              "'\" onmouseover=\"x",
                                              "\u202eevil\x1b[2J",
                                              "\xff\xfe",
                                              "</title><svg>"};
  for (std::size_t t = 0; t < data.heatmaps.tokens.size(); ++t)
    data.heatmaps.tokens[t].token = hostile[t % 6];
  data.run.concept_name = data.run.model.name = hostile[0] + hostile[1];
  data.run.warnings = {hostile[1], hostile[5], hostile[3]};
  data.run.text_files[0].path = hostile[5] + hostile[1];
  data.run.options = {{hostile[1], hostile[0]}};
  data.run.top_target_types = {{hostile[0], 1, 2}};
  data.run.stages = {{hostile[1], 1, 1}};
  data.run.profile = data.run.precision = data.run.penfield_version = hostile[0];
  data.run.model.weights_sha256 = {{hostile[1], hostile[0]}};
  data.run.model.config_sha256 = data.run.model.weights_dtype = hostile[5];
  const std::string page = render_html(data);
  expect_well_formed(page);
  EXPECT_EQ(count(page, "<style"), 1u);
  EXPECT_EQ(count(page, "</style"), 1u);
  for (const std::string_view live : {"<script", "<img", "\u202e", "\x1b", "\xff"})
    EXPECT_FALSE(has(page, live));
  for (const Tag& tag : tags_of(page)) {
    EXPECT_FALSE(has(tag.attributes, " onerror")) << tag.attributes;
    EXPECT_FALSE(has(tag.attributes, " onmouseover=\"")) << tag.attributes;
  }
  EXPECT_TRUE(has(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_TRUE(has(page, "\\u{202e}evil\\u{1b}[2J"));
}

TEST(Html, OddResultsGiveAPageToo) {
  for (ReportData data : {ReportData{}, make_synthetic_report({.is_null = true})}) {
    const std::string page = render_html(data);
    expect_well_formed(page);
    EXPECT_TRUE(has(page, "No unit of"));
  }
  ReportData no_held_out = make_synthetic_report();
  no_held_out.run.counts[1] = {};
  std::erase_if(no_held_out.heatmaps.tokens,
                [](const auto& token) { return token.split == sample::Split::kHeldOut; });
  no_held_out.heatmaps.values.resize(no_held_out.heatmaps.units.size() * no_held_out.heatmaps.tokens.size());
  const std::string page = render_html(no_held_out);
  expect_well_formed(page);
  EXPECT_TRUE(has(page, "No text of this split was kept."));
}

TEST(HtmlHeatmap, LongTextEndsAtAWindowAndSaysSo) {
  ReportData data = make_synthetic_report();
  store::Heatmaps& heatmaps = data.heatmaps;
  heatmaps.units.resize(1);
  const store::WindowToken first = heatmaps.tokens.front();
  heatmaps.tokens.assign(140000, first);
  for (std::size_t t = 0; t < heatmaps.tokens.size(); ++t)
    heatmaps.tokens[t].window = static_cast<std::uint32_t>(t / 20000);
  heatmaps.values.assign(heatmaps.tokens.size(), 1);
  const std::string html = html_heatmap(data, heatmaps.units[0], sample::Split::kDiscovery);
  EXPECT_EQ(count(html, "<p class=\"where\">Window "), 3u);
  EXPECT_TRUE(has(html, "3 of 7 windows are shown"));
}

TEST(EscapeHtml, LeavesNoSignOfMarkup) {
  EXPECT_EQ(escape_html("a<b>&\"'\x01"), "a&lt;b&gt;&amp;&quot;&#39;\\u{1}");
}

}  // namespace
}  // namespace penfield::report
