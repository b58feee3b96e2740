#!/bin/sh
# Makes the secrets of docker-compose.yml, once: a random password of the database, and the address that holds it.
# Containers run as users of their own and must be able to read them; on the host the folder keeps others out.
set -eu
folder=$(dirname "$0")/secrets
mkdir -p "$folder"
chmod 700 "$folder"
if [ -e "$folder/database-password" ] && [ -e "$folder/database-url" ]; then
  echo 'The secrets are there already: nothing is changed.'
  exit 0
fi
password=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
umask 022
printf '%s' "$password" >"$folder/database-password"
printf 'postgres://education_connect:%s@postgres:5432/education_connect' "$password" >"$folder/database-url"
chmod 444 "$folder/database-password" "$folder/database-url"
echo "Made: $folder/database-password, $folder/database-url"
