# shellcheck shell=bash disable=SC2154,SC2034,SC2015,SC2012
# Builds the program for ./konsil, which sources this file when something is missing or has changed.
#
# A build goes to a new folder of its own, .konsil/app-N; the last step renames the file "current" over the old one. So
# a build that is killed leaves the old program in place, and programs that are running keep their files.

build_konsil() {
    command -v mvn > /dev/null || die 'needs Maven 3.8.7 or newer to build: install it (Debian: apt-get install maven).'
    mkdir -p "$state" 2>/dev/null && [ -w "$state" ] || die "cannot write to $state, where the program is built"
    take_lock
    if ! up_to_date; then # another konsil may have built it while this one waited
        local id
        id=app-$(date +%s)-$$
        app=$state/$id
        mkdir -p "$app"
        printf '%s\n' "$jdk $jdk_version" > "$app/stamp.new" # its time is the start: a later edit makes it stale
        run_maven
        ls "$app/lib" | LC_ALL=C sort > "$app/jars"
        make_start_cache
        mv "$app/stamp.new" "$app/stamp"
        printf '%s\n' "$id" > "$state/current.$$"
        forget_old_builds "$id"
        mv -f "$state/current.$$" "$state/current"
    fi
    release_lock
}

# One build at a time. The kernel frees the lock when its holder dies; without flock, a folder with the holder's number.
take_lock() {
    if command -v flock > /dev/null; then
        exec 9> "$state/lock"
        flock -n 9 || { note 'waiting for another build ...'; flock 9; }
        return
    fi
    local holder
    until mkdir "$state/lock.d" 2> /dev/null; do
        holder=$(cat "$state/lock.d/pid" 2> /dev/null || true)
        if [ -n "$holder" ] && ! kill -0 "$holder" 2> /dev/null; then rm -rf "$state/lock.d"; else sleep 1; fi
    done
    echo $$ > "$state/lock.d/pid"
}

release_lock() {
    exec 9>&- 2> /dev/null || true
    rm -rf "$state/lock.d"
}

note() {
    [ -t 2 ] && printf '\r\033[Kkonsil: %s' "$1" >&2 || true
}

# Maven, quietly, in the background, so that the wait can be shown and a signal stops both.
run_maven() {
    local log=$state/build.log goals=package maven started=$SECONDS
    # A build that was cut off may have left half of the class files.
    [ ! -e "$state/building" ] || goals='clean package'
    : > "$state/building"
    : > "$log"
    [ -t 2 ] || echo 'konsil: building ...' >&2
    # shellcheck disable=SC2086
    JAVA_HOME=$jdk mvn -B -f "$root/pom.xml" -Dquick -Dkonsil.build=command "-Dkonsil.app=$app" -DskipTests \
        -Dmaven.test.skip=true -pl konsil-cli -am $goals > "$log" 2>&1 < /dev/null &
    maven=$!
    trap 'kill "$maven" 2> /dev/null || true; wait "$maven" || true; rm -rf "$app"; exit 130' INT TERM HUP
    while kill -0 "$maven" 2> /dev/null; do
        note "building, $((SECONDS - started)) s (the first time fetches libraries) $(sed -n 's/^\[INFO\] Building \(konsil-[a-z]*\) .*/\1/p' "$log" | tail -n 1)"
        sleep 0.2
    done
    if ! wait "$maven"; then
        note ''
        grep -E '^\[ERROR\]' "$log" | head -n 12 >&2 || true
        rm -rf "$app"
        die "the build failed; everything it said is in $log"
    fi
    trap - INT TERM HUP
    rm -f "$state/building"
    note ''
}

# JDK 25 writes down what a start loads and links (JEP 514), so that later starts map it. Done without if it fails.
make_start_cache() {
    local jars="" jar
    while IFS= read -r jar; do
        jars=$jars${jars:+:}$app/lib/$jar
    done < "$app/jars"
    note 'preparing fast starts ...'
    "$jdk/bin/java" "@$root/jvm.options" "-XX:AOTCacheOutput=$app/konsil.aot" -cp "$jars" konsil.cli.Main \
        rehearse > "$state/start-cache.log" 2>&1 < /dev/null || rm -f "$app/konsil.aot"
    note ''
}

# Keeps the build before this one: a konsil that has just read "current" may still be about to start it.
forget_old_builds() {
    local last='' folder
    [ -r "$state/current" ] && read -r last < "$state/current" || true
    for folder in "$state"/app-*; do
        case ${folder##*/} in "$1" | "$last") ;; *) rm -rf "$folder" ;; esac
    done
}
