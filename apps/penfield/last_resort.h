// What a program does where nothing else can: no half-written file stays, and there is one line.
#pragma once

namespace penfield::app {

// Call first in main. An exception that nobody catches then ends the program with 5 where memory has ended,
// with 1 otherwise; and however it exits, unfinished parts of its files are removed.
void install_last_resort();

}  // namespace penfield::app
