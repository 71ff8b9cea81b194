// Whether the tests are built with a sanitizer, which takes time and memory of its own.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PENFIELD_IS_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PENFIELD_IS_SANITIZED true
#endif
#endif
#ifndef PENFIELD_IS_SANITIZED
#define PENFIELD_IS_SANITIZED false
#endif

namespace penfield {

inline constexpr bool kIsSanitized = PENFIELD_IS_SANITIZED;
// By which limits of time and memory are multiplied.
inline constexpr double kSanitizerFactor = kIsSanitized ? 20 : 1;

}  // namespace penfield
