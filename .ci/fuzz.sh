#!/usr/bin/env bash
# Searches for inputs that break a parser: .ci/fuzz.sh MODULE CLASS#METHOD [SECONDS]
# Example: .ci/fuzz.sh media CodecFuzzTest#jpegLs 600. Without arguments it names all targets.
# Prints runs, inputs kept, coverage and findings, and ends with 1 when something was found. Inputs that break something
# are saved beside the test's other inputs (src/test/resources), where every later test run replays them.
set -euo pipefail
cd "$(dirname -- "${BASH_SOURCE[0]}")/.."

if [ $# -lt 2 ]; then
    echo "usage: .ci/fuzz.sh MODULE CLASS#METHOD [SECONDS, at most 600]; targets:"
    for file in konsil-*/src/test/java/konsil/*/*FuzzTest.java konsil-*/src/test/java/konsil/*/*/*FuzzTest.java \
        konsil-*/src/test/java/konsil/*FuzzTest.java; do
        [ -f "$file" ] || continue
        module=${file#konsil-} class=$(basename "$file" .java)
        grep -A1 '@FuzzTest' "$file" | sed -n "s/^ *void \([A-Za-z0-9]*\)(.*/  ${module%%/*} $class#\1/p"
    done
    exit 2
fi
module=konsil-$1 target=$2 seconds=${3:-600}
. .ci/jdk.sh
find_jdk || { echo "fuzz: $jdk_missing" >&2; exit 1; }
export JAVA_HOME=$jdk

log=$(mktemp)
corpus=$module/.cifuzz-corpus
started=$(mktemp)
trap 'rm -rf "$log" "$started" "$corpus"' EXIT
maven="mvn -q -B -pl $module -am -Dquick -Dsurefire.failIfNoSpecifiedTests=false"
$maven test-compile # what follows is searching alone
# A group of its own, so that Maven and the Java that it starts end together.
set -m
JAZZER_FUZZ=1 $maven surefire:test -Dtest="$target" > "$log" 2>&1 &
group=$!
set +m
for ((passed = 0; passed < 120; passed++)); do # until the search has begun
    grep -q '^#[0-9]' "$log" || ! kill -0 "$group" 2> /dev/null || grep -q INITED "$log" && break
    sleep 1
done
for ((passed = 0; passed < seconds; passed++)); do
    kill -0 "$group" 2> /dev/null || break
    sleep 1
done
kill -- "-$group" 2> /dev/null || true
wait "$group" 2> /dev/null || true

last=$(grep -aE '^#[0-9]+' "$log" | tail -1 || true)
runs=$(sed -n 's/^#\([0-9]*\).*/\1/p' <<< "$last")
coverage=$(sed -n 's/.*cov: \([0-9]*\).*/\1/p' <<< "$last")
kept=$(sed -n 's/.*corp: \([0-9]*\).*/\1/p' <<< "$last")
found=$(grep -ac '== Java Exception\|ERROR: libFuzzer' "$log" || true)
if [ "$found" -eq 0 ]; then # the input that ran when the time was up is none
    find "$module/src/test/resources" -name 'crash-*' -newer "$started" -delete
fi
if [ -z "$runs" ]; then
    echo "fuzz: $target did not begin:" >&2
    tail -40 "$log" >&2
    exit 1
fi
echo "$target: $passed s, $runs runs, $kept inputs kept, coverage $coverage, $found findings"
if [ "$found" -gt 0 ]; then
    grep -a -A12 '== Java Exception\|ERROR: libFuzzer' "$log" >&2
    exit 1
fi
