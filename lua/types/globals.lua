---@meta
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---What entry functions get: write `---@param request nauthilus_request` above them.
---@class nauthilus_request
---@field debug boolean Is the log level debug?
---@field repeating boolean In brute_force actions: was the network blocked before?
---@field user_found boolean Does the user exist? Before the backends: is an account known from earlier?
---@field authenticated boolean Did the password match? Known to filters and post actions.
---@field no_auth boolean Is the user only looked up, without a password?
---@field brute_force_counter integer In brute_force actions: failed logins so far.
---@field service string Last part of the path of the endpoint.
---@field session string Id of the login, as in log lines.
---@field client_ip string Address of the client.
---@field client_port string Port of the client.
---@field client_net string In brute_force actions: the network that is blocked.
---@field client_hostname string Name of the client, as the front end gives it.
---@field client_id string What the client calls itself, e.g. in IMAP.
---@field user_agent string User agent of the client.
---@field local_ip string Address that the client has connected to.
---@field local_port string Port that the client has connected to.
---@field username string Name that the client gave.
---@field account string Account of the user; before the backends as known from earlier.
---@field account_field string Name of the attribute that holds the account.
---@field unique_user_id string Unique id of the user. Known to filters and post actions.
---@field display_name string Name of the user for people. Known to filters and post actions.
---@field password string Password that the client gave.
---@field protocol string Protocol of the client: imap, smtp and so on.
---@field brute_force_bucket string In actions: name of the rule that rejected.
---@field feature string In actions: name of the feature that rejected.
---@field status_message string Text that a rejected client gets, as set so far.
---@field ssl string Did the client come over TLS? As the front end says it.
---@field ssl_session_id string Id of the TLS session.
---@field ssl_client_verify string What became of the check of the client certificate.
---@field ssl_client_dn string Distinguished name in the client certificate.
---@field ssl_client_cn string Common name in the client certificate.
---@field ssl_issuer string Issuer of the client certificate.
---@field ssl_client_not_before string Begin of the validity of the client certificate.
---@field ssl_client_not_after string End of the validity of the client certificate.
---@field ssl_subject_dn string Subject of the client certificate.
---@field ssl_issuer_dn string Issuer of the client certificate as distinguished name.
---@field ssl_client_subject_dn string Subject of the client certificate, as another header says it.
---@field ssl_client_issuer_dn string Issuer of the client certificate, as another header says it.
---@field ssl_protocol string Version of TLS.
---@field ssl_cipher string Cipher of the TLS connection.
---@field ssl_serial string Serial number of the client certificate.
---@field ssl_fingerprint string Fingerprint of the client certificate.
---@field log_format string Format of log lines: default or json.
---@field log_level string Least important level that is logged.

---Make a host module available to require; names that are unknown or not for this class are ignored.
---@param name string
function dynamic_loader(name) end

---@class channel
local channel_object = {}

---Wait until the value is taken, or there is room for it.
---@param value any
function channel_object:send(value) end

---Wait for a value; false and nil when the channel is closed and empty.
---@return boolean ok
---@return any value
function channel_object:receive() end

---Nothing can be sent any more.
function channel_object:close() end

---Channels between scripts, also in different threads; what is sent is copied.
---@class channel_table
channel = {}

---A channel that holds some values which nobody has received yet (0).
---@param capacity? integer
---@return channel channel
function channel.make(capacity) end

---Wait for one of several cases: { "|<-", channel }, { "<-|", channel, value } or { "default" }, each with a handler.
---@param ... table
---@return integer index
---@return any value
---@return boolean ok
function channel.select(...) end

---What a script says about the login beside its results, and the constants for its results.
---@class nauthilus_builtin_table
---@field FEATURE_TRIGGER_NO 0 In the class feature.
---@field FEATURE_TRIGGER_YES 1 In the class feature.
---@field FEATURES_ABORT_NO 0 In the class feature.
---@field FEATURES_ABORT_YES 1 In the class feature.
---@field FEATURE_RESULT_OK 0 In the class feature.
---@field FEATURE_RESULT_FAIL 1 In the class feature.
---@field BACKEND_RESULT_OK 0 In the class backend.
---@field BACKEND_RESULT_FAIL 1 In the class backend.
---@field FILTER_ACCEPT 0 In the class filter.
---@field FILTER_REJECT 1 In the class filter.
---@field FILTER_ACTION_ACCEPT 0 In the class filter.
---@field FILTER_ACTION_REJECT 1 In the class filter.
---@field FILTER_RESULT_OK 0 In the class filter.
---@field FILTER_RESULT_FAIL 1 In the class filter.
---@field ACTION_RESULT_OK 0 In the class action.
---@field ACTION_RESULT_FAIL 1 In the class action.
nauthilus_builtin = {}

---Add a pair to the final log line; a value that is no boolean, number or string shows as UNSUPPORTED.
---@param key string
---@param value? any
function nauthilus_builtin.custom_log_add(key, value) end

---Set the text that a rejected client gets; the last call wins.
---@param text string
function nauthilus_builtin.status_message_set(text) end

---@class nauthilus_backend_result
local nauthilus_backend_result_object = {}

---Did the password match?
---@param value? boolean
---@return boolean? value
function nauthilus_backend_result_object:authenticated(value) end

---Does the user exist?
---@param value? boolean
---@return boolean? value
function nauthilus_backend_result_object:user_found(value) end

---Name of the attribute that holds the account.
---@param name? string
---@return string? value
function nauthilus_backend_result_object:account_field(name) end

---Name of the attribute that holds the TOTP secret.
---@param name? string
---@return string? value
function nauthilus_backend_result_object:totp_secret_field(name) end

---Name of the attribute that holds the TOTP recovery codes.
---@param name? string
---@return string? value
function nauthilus_backend_result_object:totp_recovery_field(name) end

---Name of the attribute that holds the unique user id.
---@param name? string
---@return string? value
function nauthilus_backend_result_object:unique_user_id_field(name) end

---Name of the attribute that holds the display name.
---@param name? string
---@return string? value
function nauthilus_backend_result_object:display_name_field(name) end

---The attributes of the user as a new table, or with an argument: replace them by a copy of the table.
---@param attributes? table
---@return table? attributes
function nauthilus_backend_result_object:attributes(attributes) end

---Makes the object with which backend scripts answer and filters add attributes.
---@class nauthilus_backend_result_table
nauthilus_backend_result = {}

---A new, empty result.
---@return nauthilus_backend_result result
function nauthilus_backend_result.new() end

---@type nauthilus_backend_result_table
backend_result = nauthilus_backend_result
