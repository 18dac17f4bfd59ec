--- The users of the demo. A real installation asks a database or LDAP instead.
-- Only password hashes are kept, one scheme each to show what `compare_passwords` reads. The passwords of these three are
-- in README.md; replace all of them before anybody but you can reach the server.
local users = {
  alice = {
    password = "$argon2id$v=19$m=19456,t=2,p=1$/Qt6MDL7VFDqaWtJw7Z7wg$5+YJnX18YteWo64lbQQ7KqfUPlZgTLAf9QTLoMz8rww",
    account = "alice@example.test",
    display_name = "Alice Example",
    quota = 1048576,
    state = "active",
  },
  bob = {
    password = "{SSHA512}tpvRFezcEFUgpKVypb7IgTTN0O3yZXuholeCCk06hlqfudOEtV+mCbO0nFJX6Zvb8aaiGkHXz78KIDRlaRlewQipJuCzIkWQ",
    account = "bob@example.test",
    display_name = "Bob Builder",
    quota = 524288,
    state = "active",
    -- Bob may only read mail over IMAP; the filter enforces it.
    protocols = { "imap", "imaps" },
  },
  carol = {
    password = "$2a$10$cFFbWRAgUzYwqHl.Z4TpSemjrIUm6gmQ/K60Q94lhCKHEnBRFm9yq",
    account = "carol@example.test",
    display_name = "Carol Singer",
    quota = 1048576,
    state = "disabled",
  },
}

local demo_users = {}

--- The user of a login name, or nil. Login names are case-insensitive; the demo has no other spelling of a name.
function demo_users.find(username)
  return users[string.lower(username)]
end

--- All account names, sorted.
function demo_users.accounts()
  local accounts = {}

  for _, user in pairs(users) do
    table.insert(accounts, user.account)
  end

  table.sort(accounts)

  return accounts
end

return demo_users
