# Sourced by ./test: puts Debian's borgbackup, chromium, ldap-utils, nginx, openssh, postgresql, prometheus, restic, slapd and xmlsec1 there when it may, and never asks.
# Without them the tests that need them are skipped, which is said; under CI=true they fail.
# Expects: root (this checkout).  Takes: postgresql_at, nginx_at, slapd_at and sshd_at, where Debian keeps programs.
# shellcheck shell=sh

has_chromium() {
    command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
        command -v google-chrome >/dev/null 2>&1
}

has_postgresql() {
    command -v postgres >/dev/null 2>&1 && return 0
    for program in "${postgresql_at:-/usr/lib/postgresql}"/*/bin/postgres; do
        [ -x "$program" ] && return 0
    done
    return 1
}

has_nginx() {
    command -v nginx >/dev/null 2>&1 || [ -x "${nginx_at:-/usr/sbin}/nginx" ]
}

missing_packages() {
    command -v borg >/dev/null 2>&1 || printf 'borgbackup '
    has_chromium || printf 'chromium '
    has_nginx || printf 'nginx '
    command -v ssh >/dev/null 2>&1 || printf 'openssh-client '
    command -v sshd >/dev/null 2>&1 || [ -x "${sshd_at:-/usr/sbin}/sshd" ] || printf 'openssh-server '
    has_postgresql || printf 'postgresql '
    command -v prometheus >/dev/null 2>&1 || printf 'prometheus '
    command -v restic >/dev/null 2>&1 || printf 'restic '
    command -v slapd >/dev/null 2>&1 || [ -x "${slapd_at:-/usr/sbin}/slapd" ] || printf 'slapd '
    command -v ldapsearch >/dev/null 2>&1 || printf 'ldap-utils '
    command -v xmlsec1 >/dev/null 2>&1 || printf 'xmlsec1 '
}

# Prints how to become root without a password; fails where there is no way.
as_root() {
    if [ "$(id -u)" = 0 ]; then return 0; fi
    command -v sudo >/dev/null 2>&1 && sudo -n true >/dev/null 2>&1 && printf 'sudo -n'
}

# Runs apt-get without questions; a mirror that does not answer costs a minute at most.
apt_get() {
    # shellcheck disable=SC2086 # "sudo -n" is two words, or none
    $become env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=120 \
        -o Acquire::Retries=1 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 \
        "$@" </dev/null >>"$log" 2>&1
}

install_packages() {
    tried="$root/.venv/.packages-tried"
    log="$root/.venv/packages.log"
    # An attempt that failed is not repeated at each start, but an hour later.
    [ -z "$(find "$tried" -mmin -60 2>/dev/null)" ] || return 1
    command -v apt-get >/dev/null 2>&1 || return 1
    become=$(as_root) || return 1
    echo "Installing $1(once; tests need them; the log is $log)..." >&2
    : >"$log"
    # shellcheck disable=SC2086 # one word for each package
    apt_get update && apt_get install --no-install-recommends $1 && return 0
    touch "$tried"
    return 1
}

missing=$(missing_packages)
if [ -n "$missing" ]; then
    install_packages "$missing" || true
    missing=$(missing_packages)
fi
for package in $missing; do
    case $package in
        borgbackup) what="tests with a repository of BorgBackup" ;;
        chromium) what="tests that drive a browser" ;;
        nginx) what="tests that run behind a proxy" ;;
        openssh-*) what="tests with a host that is asked over SSH" ;;
        prometheus) what="tests with a server of measurements" ;;
        restic) what="tests with a repository of backups" ;;
        slapd | ldap-utils) what="tests with a whole directory" ;;
        xmlsec1) what="tests with a whole SAML provider" ;;
        *) what="tests that run on PostgreSQL" ;;
    esac
    echo "Skipped: $what, since $package is not here.  On Debian: apt-get install $package" >&2
done
