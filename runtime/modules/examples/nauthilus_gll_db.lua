dynamic_loader("nauthilus_gll_db")
local db = require("db")

local users = assert(db.open("sqlite3", ":memory:"))
assert(users:exec("create table users (name text primary key, quota integer, note text)"))
local done = assert(users:exec("insert into users values (?, ?, ?), ('bob', 5, null)", "alice", 10, "it's her"))
print(done.rows_affected) --> 2

local found = assert(users:query("select name, quota, note from users where quota > ? order by name", 1))
print(table.concat(found.columns, " ")) --> name quota note
for _, row in ipairs(found.rows) do
  print(row[1], row[2], row[3])
end
--> alice	10	it's her
--> bob	5	nil

local by_name = assert(users:stmt("select quota from users where name = ?"))
print(by_name:query("bob").rows[1][1]) --> 5
print(by_name:query("bob", "alice")) --> nil	sql: expected 1 arguments, got 2
by_name:close()

print(users:query("select * from nowhere")) --> nil	no such table: nowhere
print(db.open("oracle", "x")) --> nil	unknown driver: oracle
users:close()
