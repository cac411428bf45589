#!/usr/bin/env bash
# Tries the konsil script as people do: any folder, a symlink, exit codes, signals, a stale build, a killed build.
set -uo pipefail
unset CDPATH
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wrong=0

# expect WHAT WANTED GOT
expect() {
    if [ "$2" = "$3" ]; then
        echo "  ok: $1"
    else
        echo "  WRONG: $1: want '$2', got '$3'"
        wrong=$((wrong + 1))
    fi
}

exit_of() {
    "$@" > "$work/out" 2> "$work/err" < /dev/null
    echo $?
}

version='konsil 0.1.0'
copy="$work/a copy with blanks"
mkdir "$copy"
(cd "$root" && tar cf - --exclude=.git --exclude=.konsil --exclude=target .) | (cd "$copy" && tar xf -)
ln -s "$copy/konsil" "$work/first"
ln -s first "$work/second"

cd /
expect 'a first build prints nothing but the answer' "$version" "$("$work/second" --version 2> "$work/err")"
expect 'a first build says that it builds' 'konsil: building ...' "$(grep -v '^WARNING: Using incubator' "$work/err")"
before=$(cat "$copy/.konsil/current")
expect 'a warm start' "$version" "$(cd "$work" && ./second --version)"
expect 'a warm start does not build' "$before" "$(cat "$copy/.konsil/current")"
expect 'the start cache is used' 1 "$("$copy/konsil" doctor --json | grep -c '"used" : true')"
expect 'exit code of a usage error' 2 "$(exit_of "$copy/konsil" no-such-verb)"
expect 'no stack trace for it' 0 "$(grep -c '^	at ' "$work/err")"

touch "$copy/konsil-cli/src/main/java/konsil/cli/Main.java"
setsid "$copy/konsil" --version > "$work/out" 2>&1 &
victim=$!
for _ in $(seq 100); do
    [ -e "$copy/.konsil/building" ] && break
    sleep 0.1
done
kill -9 -- "-$victim" 2> /dev/null
wait "$victim" 2> /dev/null
expect 'a killed build leaves the old program' "$before" "$(cat "$copy/.konsil/current")"
"$copy/konsil" --version > "$work/one" 2> /dev/null &
"$copy/konsil" --version > "$work/two" 2> /dev/null &
wait
expect 'two at once after it, the first' "$version" "$(cat "$work/one")"
expect 'two at once after it, the second' "$version" "$(cat "$work/two")"
expect 'they built once' 2 "$(find "$copy/.konsil" -maxdepth 1 -name 'app-*' | wc -l | tr -d ' ')"
expect 'and left no lock' "$version" "$(timeout 20 "$copy/konsil" --version)"

echo 'class Broken {' > "$copy/konsil-cli/src/main/java/konsil/cli/Broken.java"
expect 'exit code of a build that fails' 4 "$(exit_of "$copy/konsil" --version)"
grep -q 'Broken.java:\[1' "$work/err"
expect 'it names the file' 0 $?
rm "$copy/konsil-cli/src/main/java/konsil/cli/Broken.java"
expect 'mended, it builds again' "$version" "$("$copy/konsil" --version 2> /dev/null)"

. "$root/.ci/jdk.sh"
mkdir -p "$work/jdk/bin"
touch "$work/jdk/bin/java" "$work/jdk/bin/javac"
chmod +x "$work/jdk/bin/java" "$work/jdk/bin/javac"
while read -r number wanted; do
    printf 'JAVA_VERSION="%s"\n' "$number" > "$work/jdk/release"
    jdk_fits "$work/jdk" && got=yes || got=no
    expect "JDK $number fits" "$wanted" "$got"
done << 'VERSIONS'
17.0.15 no
25 no
25.0.2 no
25.0.3 yes
25.0.10 yes
25.1 yes
26 yes
1.8.0_392 no
VERSIONS

[ "$wrong" -eq 0 ]
