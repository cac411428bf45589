#!/usr/bin/env bash
# Runs the tutorials: in docs/tutorials/*.md every indented line after "$ " is a command, and the indented lines below it
# must be part of what it prints. WORK is a folder of its own for each page.
set -uo pipefail
unset CDPATH
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wrong=0 commands=0 page=

fail() {
    echo "  WRONG: $page: $1"
    wrong=$((wrong + 1))
}

run() {
    commands=$((commands + 1))
    WORK=$work/$(basename "$page" .md) bash -c "$1" > "$work/out" 2>&1 < /dev/null || fail "exit code $? of: $1"
}

for page in docs/tutorials/*.md; do
    mkdir -p "$work/$(basename "$page" .md)"
    command=
    while IFS= read -r line; do
        case $line in
            '    $ '*) command=${line#'    $ '} && run "$command" ;;
            '    '*) [ -z "$command" ] || grep -qF -- "${line#'    '}" "$work/out" || fail "'${line#'    '}' is not in what this prints: $command" ;;
            *) command= ;;
        esac
    done < "$page"
    echo "  ok so far: $page"
done
[ "$commands" -gt 0 ] || fail 'there is no command in any tutorial'
exit "$((wrong > 0))"
