#!/bin/sh
# Fails where a relative link in a tracked Markdown file leads to a file or a heading that does not exist.
#   tools/check_links.sh
# Links with a scheme (https:, mailto:) are not followed. Fenced blocks and inline code hold no links.
set -eu
cd "$(dirname "$0")/.."

markdown_files() {
  if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files -- '*.md'
  else  # an unpacked archive
    find . -name '*.md' -not -path '*/node_modules/*' -not -path './build*' | sed 's|^\./||'
  fi
}

# A line per link, "link FILE LINE TARGET", and a line per heading, "heading FILE ANCHOR" with the anchor as GitHub
# makes it: lower case, punctuation removed, spaces as hyphens, "-1" and so on for a heading that comes again.
scan='
  FNR == 1 { fenced = 0 }
  /^ *```/ { fenced = !fenced; next }
  fenced { next }
  /^#+ / {
    anchor = tolower($0)
    sub(/^#+ +/, "", anchor)
    gsub(/\]\([^)]*\)/, "", anchor)
    gsub(/[]!"#$%&()*+,.\/:;<=>?@\\^`{|}~[\047]/, "", anchor)
    gsub(/ /, "-", anchor)
    seen = count[FILENAME "#" anchor]++
    print "heading", FILENAME, anchor (seen ? "-" seen : "")
  }
  {
    text = $0
    gsub(/`[^`]*`/, "", text)
    while (match(text, /\]\([^) ]+/)) {
      print "link", FILENAME, FNR, substr(text, RSTART + 2, RLENGTH - 2)
      text = substr(text, RSTART + RLENGTH)
    }
  }'

found=$(markdown_files | xargs awk "$scan")
headings=$(printf '%s\n' "$found" | sed -n 's/^heading \([^ ]*\) /\1#/p')
bad=$(printf '%s\n' "$found" | sed -n 's/^link //p' | while read -r file line target; do
  case $target in *:*) continue ;; esac
  path=${target%%#*}
  if [ -z "$path" ]; then to=$file; else to=$(dirname "$file")/$path; fi
  if ! [ -e "$to" ]; then
    echo "$file:$line: $target: no such file"
    continue
  fi
  case $target in *\#*) ;; *) continue ;; esac
  to=$(realpath --relative-to=. "$to")
  printf '%s\n' "$headings" | grep -qxF "$to#${target#*#}" || echo "$file:$line: $target: no such heading in $to"
done)
if [ -n "$bad" ]; then
  printf '%s\n' "$bad" >&2
  exit 1
fi
