#!/bin/sh
# Unpacks Debian's bitcoin-knots and the libraries it links to into a private folder. For regtest only.
# Nothing of the system is touched: no package is installed or configured, no user or service is made.
# The mirror and the archive keyring are those of the machine's own apt; signatures are enforced.
#
# usage: installKnots.sh CACHE
#   CACHE/knots-<package version>-<architecture>/bitcoind   the launcher, complete from its first appearance
#   CACHE/current                                           a symbolic link to the newest of them
# Prints the launcher's path on standard output, progress on standard error.
# Safe to interrupt (a build appears by one rename) and to run twice at once (the second waits and finds it done).
# exit: 3 no apt or dpkg-deb, 4 no Debian mirror configured, 5 no archive keyring, 6 no suite has the package,
#       7 a library is missing after unpacking
set -eu
CACHE=${1:?usage: installKnots.sh CACHE}
PACKAGE=bitcoin-knots
# Built against stable libraries first; sid moves, but its package outlives a suite's end.
SUITE_LISTS="${BVM_KNOTS_SUITES:-trixie-backports trixie;sid}"

say() { printf 'bitcoind: %s\n' "$*" >&2; }
fail() { code=$1; shift; say "$*"; exit "$code"; }

command -v apt-get >/dev/null 2>&1 && command -v dpkg-deb >/dev/null 2>&1 || fail 3 "no apt here: set BITCOIND to a bitcoind"
mkdir -p "$CACHE"
CACHE=$(cd "$CACHE" && pwd -P)

# One build at a time; the lock is the kernel's, so it falls with the process that held it.
exec 9>"$CACHE/.lock"
flock -n 9 || { say "another set-up is running, waiting for it"; flock 9; }
if [ -x "$CACHE/current/bitcoind" ]; then echo "$CACHE/current/bitcoind"; exit 0; fi
rm -rf "$CACHE"/.build.*
BUILD=$(mktemp -d "$CACHE/.build.XXXXXX")
trap 'rm -rf "$BUILD"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

ARCH=$(dpkg --print-architecture)
KEYRING=
for file in /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/debian-archive-keyring.pgp; do
  if [ -r "$file" ]; then KEYRING=$file; break; fi
done
[ -n "$KEYRING" ] || fail 5 "no Debian archive keyring: install debian-archive-keyring, or set BITCOIND"

indextargets() { apt-get indextargets --format "$1" 'Created-By: Packages' 2>/dev/null; }
# Where apt's lists were never updated the label is not known yet: then the address's own shape tells.
MIRROR=$(indextargets '$(REPO_URI)|$(LABEL)|$(COMPONENT)|$(CODENAME)' |
  awk -F'|' '$2 == "Debian" && $3 == "main" && $4 !~ /security/ { print $1; exit }')
[ -n "$MIRROR" ] || MIRROR=$(indextargets '$(REPO_URI)' | awk '/\/debian\/?$/ { print; exit }')
[ -n "$MIRROR" ] || fail 4 "apt has no Debian mirror configured: set BITCOIND to a bitcoind"

# A private apt: own sources, lists and cache. The empty status file makes libc6 part of the closure.
APT=$BUILD/apt
mkdir -p "$APT/lists/partial" "$APT/cache/archives/partial" "$APT/parts"
: >"$APT/status"
use_suites() { # $1 = suites, the first one preferred
  : >"$APT/sources.list"
  for suite in $1; do
    printf 'deb [signed-by=%s arch=%s] %s %s main\n' "$KEYRING" "$ARCH" "$MIRROR" "$suite" >>"$APT/sources.list"
  done
  cat >"$APT/apt.conf" <<CONF
Dir::Etc::sourcelist "$APT/sources.list"; Dir::Etc::sourceparts "$APT/parts"; Dir::Etc::trustedparts "$APT/parts";
Dir::Etc::preferences "$APT/none"; Dir::Etc::preferencesparts "$APT/parts";
Dir::State "$APT"; Dir::State::lists "$APT/lists"; Dir::State::status "$APT/status";
Dir::Cache "$APT/cache"; Dir::Cache::archives "$APT/cache/archives";
APT::Default-Release "${1%% *}"; APT::Architecture "$ARCH"; APT::Architectures { "$ARCH"; };
APT::Get::AllowUnauthenticated "false"; APT::Install-Recommends "false"; APT::Sandbox::User "root";
Acquire::Languages "none"; Acquire::Retries "3"; Debug::NoLocking "true";
DPkg::Pre-Install-Pkgs ""; APT::Update::Post-Invoke ""; APT::Update::Post-Invoke-Success "";
CONF
}
export APT_CONFIG="$APT/apt.conf"

find_closure() { # writes "package version" lines; fails where the suites do not have the package
  use_suites "$1"
  say "reading the package index of $1"
  apt-get -qq update >&2 || return 1
  apt-get -qq --simulate install "$PACKAGE" 2>/dev/null |
    sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*/\1 \2/p' >"$APT/closure"
  grep -q "^$PACKAGE " "$APT/closure"
}
found=
rest=$SUITE_LISTS
while [ -n "$rest" ] && [ -z "$found" ]; do
  suites=${rest%%;*}
  case $rest in *\;*) rest=${rest#*;} ;; *) rest= ;; esac
  if find_closure "$suites"; then found=$suites; fi
done
[ -n "$found" ] || fail 6 "no suite of $SUITE_LISTS has $PACKAGE for $ARCH"
VERSION=$(awk -v p="$PACKAGE" '$1 == p { print $2 }' "$APT/closure")

# What bitcoind links to; the rest of the closure serves the package's service and configuration only.
LINKED='libc6|libgcc-s1|libstdc\+\+6|libevent-[a-z0-9.-]*|libsqlite3-0|libzmq5|libsodium[0-9]*|libpgm-[a-z0-9.-]*|libnorm[a-z0-9]*|libbsd0|libmd0|libgssapi-krb5-2|libkrb5-3|libkrb5support0|libk5crypto3|libcom-err2|libkeyutils1'
unpack() { # $1 = extended pattern of package names
  names=$(awk '{ print $1 }' "$APT/closure" | grep -E "^($1)(:.*)?\$" | tr '\n' ' ')
  say "fetching $PACKAGE $VERSION ($(echo "$names" | wc -w | tr -d ' ') packages)"
  # shellcheck disable=SC2086 # a list of package names
  (cd "$APT/cache/archives" && apt-get -qq download $names >&2)
  for archive in "$APT"/cache/archives/*.deb; do dpkg-deb -x "$archive" "$BUILD/root"; done
}
mkdir "$BUILD/root"
unpack "$PACKAGE|$LINKED"

# The package's own loader starts it, so the machine's libc does not matter. LD_LIBRARY_PATH would leak to child
# programs. `exec` keeps the process id.
cat >"$BUILD/bitcoind" <<'LAUNCHER'
#!/bin/sh
root=$(dirname "$(readlink -f "$0")")/root
set -- --library-path "$(dirname "$(find "$root/usr" -name libc.so.6 | head -n 1)")" --argv0 bitcoind "$root/usr/bin/bitcoind" "$@"
exec "$(find "$root/usr" -name 'ld-linux*.so.*' | head -n 1)" "$@"
LAUNCHER
chmod +x "$BUILD/bitcoind"
loader=$(find "$BUILD/root/usr" -name 'ld-linux*.so.*' | head -n 1)
libraries=$(dirname "$(find "$BUILD/root/usr" -name libc.so.6 | head -n 1)")
missing() { "$loader" --library-path "$libraries" --list "$BUILD/root/usr/bin/bitcoind" 2>&1 | grep -E 'not found|cannot open'; }
# A newer package may link to a library that is not in the list: then take every library of the closure.
if missing >/dev/null; then unpack 'lib[a-z0-9.+-]*'; fi
if missing >&2; then fail 7 "$PACKAGE $VERSION lacks a library"; fi
"$BUILD/bitcoind" -version | head -n 1 >&2

rm -rf "$APT"
NAME=knots-$VERSION-$ARCH
rm -rf "${CACHE:?}/$NAME"
mv "$BUILD" "$CACHE/$NAME"
chmod 755 "$CACHE/$NAME"
ln -s "$NAME" "$CACHE/.current.$$"
mv -T "$CACHE/.current.$$" "$CACHE/current"
say "$NAME is ready"
echo "$CACHE/current/bitcoind"
