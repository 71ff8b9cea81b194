#include "penfield/report/terminal/table.h"

#include <gtest/gtest.h>

#include <sstream>

#include "penfield/report/words/visible_text.h"

namespace penfield::report {
namespace {

TerminalTable make_table() {
  TerminalTable table({{"unit", Align::kLeft, 0},
                       {"β", Align::kRight, 0},
                       {"extra", Align::kRight, 2},
                       {"less", Align::kRight, 1},
                       {"none", Align::kLeft, 0}});
  table.add_row({{"L1.1"}, {"−2.5"}, {"1"}, {"22"}, {""}});
  table.add_row({{"L10.4095"}, {"13.25"}, {"3"}, {"4"}, {""}});
  return table;
}

TEST(TerminalTable, AlignsNumbersRightAndLeavesEmptyColumnsOut) {
  EXPECT_EQ(make_table().render(Screen({.width = 80})),
            "  unit          β  extra  less\n"
            "  L1.1       −2.5      1    22\n"
            "  L10.4095  13.25      3     4\n");
}

TEST(TerminalTable, LeavesOutTheLeastImportantFirst) {
  EXPECT_EQ(make_table().render(Screen({.width = 25})),
            "  unit          β  less\n"
            "  L1.1       −2.5    22\n"
            "  L10.4095  13.25     4\n");
  EXPECT_EQ(make_table().render(Screen({.width = 20})),
            "  unit          β\n"
            "  L1.1       −2.5\n"
            "  L10.4095  13.25\n");
}

TEST(TerminalTable, MeasuresWhatIsShown) {
  TerminalTable table({{"a", Align::kRight, 0}, {"b", Align::kLeft, 0}});
  table.add_row({{"β"}, {"x"}});
  table.add_row({{"東"}, {"y"}});
  EXPECT_EQ(table.render(Screen({.width = 80})), "   a  b\n   β  x\n  東  y\n");
  EXPECT_EQ(table.render(Screen({.width = 80, .utf8 = false})),
            "         a  b\n      beta  x\n  \\u{6771}  y\n");
}

}  // namespace
}  // namespace penfield::report
