# shellcheck shell=bash disable=SC2154,SC2034,SC2015,SC2012
# Finds a JDK 25.0.3 or newer; sourced by konsil, check and .ci/run. Reads each JDK's "release" file: no process started.

# Sets jdk_version to the version of the JDK in folder $1; fails if there is no JDK or it is too old.
jdk_fits() {
    local line feature minor patch rest
    jdk_version=
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    while IFS= read -r line; do
        case $line in JAVA_VERSION=*) jdk_version=${line#JAVA_VERSION=} ;; esac
    done < "$1/release"
    jdk_version=${jdk_version//[!0-9.]/}
    IFS=. read -r feature minor patch rest <<< "$jdk_version..."
    feature=${feature:-0} minor=${minor:-0} patch=${patch:-0}
    [ "$feature" -gt 25 ] && return 0
    [ "$feature" -eq 25 ] && { [ "$minor" -gt 0 ] || [ "$patch" -ge 3 ]; }
}

# The JDK that the java on the PATH belongs to, if any, in $jdk.
jdk_of_path() {
    local java link
    java=$(command -v java) || return 1
    while [ -L "$java" ]; do
        link=$(readlink "$java")
        case $link in /*) java=$link ;; *) java=${java%/*}/$link ;; esac
    done
    jdk=${java%/bin/java}
}

# Sets jdk and jdk_version to the JDK to use; fails if there is none. JAVA_HOME wins, then the PATH, then the usual
# folders, Java 25 before newer ones.
find_jdk() {
    local folder newer='' newer_version=
    if [ -n "${JAVA_HOME:-}" ] && jdk_fits "$JAVA_HOME"; then
        jdk=$JAVA_HOME
        return 0
    fi
    jdk_of_path && jdk_fits "$jdk" && return 0
    for folder in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/* "${HOME:-/}"/.sdkman/candidates/java/* \
        "${HOME:-/}"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME:-/}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        jdk_fits "$folder" || continue
        case $jdk_version in
            25.*)
                jdk=$folder
                return 0
                ;;
        esac
        [ -n "$newer" ] || newer=$folder newer_version=$jdk_version
    done
    jdk=$newer jdk_version=$newer_version
    [ -n "$jdk" ]
}

jdk_missing='needs JDK 25.0.3 or newer and found none: install one (Debian: apt-get install temurin-25-jdk from the Adoptium packages, elsewhere https://adoptium.net) or set JAVA_HOME.'
