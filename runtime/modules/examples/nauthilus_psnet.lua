dynamic_loader("nauthilus_psnet")
local psnet = require("nauthilus_psnet")

-- Usually in the init script; the port is that of a service on this machine.
psnet.register_connection_target("127.0.0.1:993", "local", "imap")
print(psnet.get_connection_target("127.0.0.1:993")) --> 0
print(psnet.get_connection_target("127.0.0.1:110")) --> nil	Target not registered
