#!/bin/sh
# Puts a release of Documents beside those that are there, and makes it the current one:
#
#   cargo build --release --locked
#   sudo deploy/install.sh [NAME]           NAME is the version unless it is given
#   sudo systemctl restart documents
#
# The way back is a link: ln -sfn OLD /opt/documents/current, and the same restart.
#
# What belongs to this machine, in /etc/lambdio, is made the first time and never touched again. DESTDIR is put before every
# path; BINARY is the program, target/release/documents unless it is set.
set -eu
cd "$(dirname "$0")/.."

binary=${BINARY:-target/release/documents}
version=$("$binary" --version)
name=${1:-${version##* }}
releases=${DESTDIR:-}/opt/documents
settings=${DESTDIR:-}/etc/lambdio
units=${DESTDIR:-}/etc/systemd/system

case $name in
current | .* | */* | "")
    echo "$0: $name is no name for a release" >&2
    exit 2
    ;;
esac
if [ -e "$releases/$name" ]; then
    echo "$0: there is a release $name already in $releases; give this one another name" >&2
    exit 1
fi

# under another name until it is complete
new=$releases/.new
rm -rf "$new"
install -d "$new/config" "$new/handlers"
install -m 755 "$binary" "$new/documents"
install -m 644 config/default.toml config/production.toml "$new/config/"
cp -R handlers/public "$new/handlers/"
chmod -R u=rwX,go=rX "$new"
mv "$new" "$releases/$name"

install -d "$settings" "$units"
for file in default.toml production.toml; do
    ln -sfn "../../opt/documents/current/config/$file" "$settings/$file"
done
first() { # FILE MODE: the first time only, with what comes as standard input
    [ -e "$settings/$1" ] && return
    install -m "$2" /dev/null "$settings/$1"
    cat >"$settings/$1"
}
first local.toml 644 <<'END'
# Settings of this machine; README.md, "Configuration". Secrets belong into `environment`.
[server]
# public_urls = ["https://documents.example.org"]
END
first environment 600 <<'END'
# Secret settings. LAMBDIO__MONGO__URI=mongodb://user:password@host:27017/?replicaSet=rs0&authSource=admin
END
od -An -N32 -tx1 /dev/urandom | tr -d ' \n' | first token-key 600
install -m 644 deploy/documents.service "$units/documents.service"

# a link that is replaced in one step: there is always a current release
ln -sfn "$name" "$releases/.current"
mv -T "$releases/.current" "$releases/current"
echo "$releases/current is $name"
