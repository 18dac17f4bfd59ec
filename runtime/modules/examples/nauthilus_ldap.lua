dynamic_loader("nauthilus_ldap")
local ldap = require("nauthilus_ldap")

local user = "mia"
local found, err = ldap.ldap_search({
  session = "abc", -- in a script: request.session
  basedn = "dc=example,dc=test",
  filter = "(uid=" .. ldap.escape_filter(user) .. ")",
  scope = "sub",
  attributes = { "uid", "mail" },
})
print(err) --> nil
print(found.dn[1]) --> uid=mia,ou=people,dc=example,dc=test
table.sort(found.mail)
print(table.concat(found.mail, " ")) --> m@example.test mia@example.test

print(ldap.ldap_modify({ dn = found.dn[1], replace = { mail = { "mia@example.test" } } })) --> OK
print(ldap.escape_filter("*)(uid=*")) --> \2a\29\28uid=\2a
