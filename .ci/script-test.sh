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


# Hashing 8 GB of holes takes long enough to be stopped.
header='{"a":{"dtype":"U8","shape":[8000000000],"data_offsets":[0,8000000000]}}'
# shellcheck disable=SC2059
printf "\\x$(printf '%x' "${#header}")\\0\\0\\0\\0\\0\\0\\0$header" > "$work/large.safetensors"
truncate -s $((8 + ${#header} + 8000000000)) "$work/large.safetensors"
timeout --signal INT --preserve-status 3 "$copy/konsil" inspect --verify "$work/large.safetensors" > "$work/out" 2> "$work/err"
expect 'Ctrl-C in a verb' 130 $?
expect 'no word after it' 0 "$(grep -cv '^WARNING: Using incubator\|^hash' "$work/err")"

# From here on a stand-in for Maven: it hands over the jars just built, after a while, and keeps a list of its calls.
mkdir "$work/bin" "$work/jars"
cp "$copy/.konsil/$before/lib/"*.jar "$work/jars"
cat > "$work/bin/mvn" << STAND_IN
#!/usr/bin/env bash
echo "\$*" >> "$work/calls"
sleep 1
[ ! -e "$work/broken" ] || { echo '[ERROR] Broken.java:[1,2] does not compile'; exit 1; }
for word; do case \$word in -Dkonsil.app=*) app=\${word#-Dkonsil.app=} ;; esac; done
mkdir -p "\$app/lib" && cp "$work/jars/"*.jar "\$app/lib"
STAND_IN
chmod +x "$work/bin/mvn"
PATH=$work/bin:$PATH
main=$copy/konsil-cli/src/main/java/konsil/cli/Main.java
calls() { wc -l < "$work/calls" | tr -d ' '; }

touch "$main"
setsid "$copy/konsil" --version > "$work/out" 2>&1 &
victim=$!
for _ in $(seq 100); do
    [ -s "$work/calls" ] && break
    sleep 0.1
done
kill -9 -- "-$victim"
wait "$victim" 2> /dev/null
expect 'a killed build leaves the old program' "$before" "$(cat "$copy/.konsil/current")"
"$copy/konsil" --version > "$work/one" 2> /dev/null &
"$copy/konsil" --version > "$work/two" 2> /dev/null &
wait
expect 'two at once after it, the first' "$version" "$(cat "$work/one")"
expect 'two at once after it, the second' "$version" "$(cat "$work/two")"
expect 'they built once' 2 "$(calls)"
expect 'and from the start' 1 "$(tail -n 1 "$work/calls" | grep -c 'clean package')"
expect 'and kept the program before it' 2 "$(find "$copy/.konsil" -maxdepth 1 -name 'app-*' | wc -l | tr -d ' ')"
expect 'and left no lock' "$version" "$(timeout 20 "$copy/konsil" --version 2> /dev/null)"

rm "$copy/konsil-cli/src/main/java/konsil/cli/Sizes.java"
touch "$work/broken"
expect 'exit code of a build that fails' 4 "$(exit_of "$copy/konsil" --version)"
expect 'it says where' 1 "$(grep -c 'Broken.java:\[1' "$work/err")"
rm "$work/broken"
expect 'mended, it builds again' "$version" "$("$copy/konsil" --version 2> /dev/null)"
expect 'a deleted file is a change' 4 "$(calls)"
rm -r "$copy/.konsil/$(cat "$copy/.konsil/current")"
expect 'a lost program is built again' "$version" "$("$copy/konsil" --version 2> /dev/null)"
expect 'by Maven' 5 "$(calls)"

touch "$main"
timeout --signal INT --preserve-status 1 "$copy/konsil" --version > "$work/out" 2>&1
expect 'Ctrl-C in a build' 130 $?
rm -rf "$copy/.konsil"
mkdir "$work/bare"
for tool in bash find; do ln -s "$(command -v $tool)" "$work/bare"; done
(
    . "$root/.ci/jdk.sh"
    find_jdk && JAVA_HOME=$jdk PATH=$work/bare "$copy/konsil" doctor > "$work/out" 2> "$work/err"
)
expect 'no Maven' 4 $?
expect 'it says what to install' 1 "$(grep -c 'apt-get install maven' "$work/err")"

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
