// Whether the tests are built with a sanitizer, which takes time and memory of its own.
#pragma once

#if defined(__has_feature)
#define PENFIELD_HAS_FEATURE(name) __has_feature(name)
#else
#define PENFIELD_HAS_FEATURE(name) 0
#endif

namespace penfield {

#if defined(__SANITIZE_THREAD__) || PENFIELD_HAS_FEATURE(thread_sanitizer)
inline constexpr bool kHasThreadSanitizer = true;
#else
inline constexpr bool kHasThreadSanitizer = false;
#endif
#if defined(__SANITIZE_ADDRESS__) || PENFIELD_HAS_FEATURE(address_sanitizer)
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = kHasThreadSanitizer;
#endif
// By which limits of time and memory are multiplied.
inline constexpr double kSanitizerFactor = kIsSanitized ? 20 : 1;

}  // namespace penfield
