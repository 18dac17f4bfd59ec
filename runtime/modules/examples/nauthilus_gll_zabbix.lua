dynamic_loader("nauthilus_gll_zabbix")
local zabbix = require("zabbix")

local connection = zabbix.new({ url = os.getenv("ZABBIX_URL"), user = os.getenv("ZABBIX_USER"), passwd = os.getenv("ZABBIX_PASSWORD") })
print(connection:login() == nil) --> true

local hosts, err = connection:request("host.get", { output = "extend", filter = { host = { "mx1" } } })
print(err, hosts[1].host) --> nil	mx1
print(connection:request("no.such", { a = 1 })) --> nil	error -32601: Incorrect API "no.such".
connection:logout()
