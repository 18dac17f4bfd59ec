#!/usr/bin/perl
# Writes the databases in this folder with MaxMind's own library (Debian: libmaxmind-db-writer-perl).
use strict; use warnings; use utf8;
use MaxMind::DB::Writer::Tree;
my %types = (
  city => 'map', country => 'map', location => 'map', names => 'map', subdivisions => [ 'array', 'map' ], traits => 'map',
  de => 'utf8_string', en => 'utf8_string', iso_code => 'utf8_string', time_zone => 'utf8_string',
  geoname_id => 'uint32', accuracy_radius => 'uint16', latitude => 'double', longitude => 'double',
  is_in_european_union => 'boolean', is_anonymous => 'boolean', big => 'uint128', long => 'uint64', raw => 'bytes', offset => 'int32',
  autonomous_system_number => 'uint32', autonomous_system_organization => 'utf8_string',
);
sub tree {
  my ($type) = @_;
  return MaxMind::DB::Writer::Tree->new(
    ip_version => 6, record_size => 24, database_type => $type, languages => ['en', 'de'],
    description => { en => 'Test data' }, alias_ipv6_to_ipv4 => 1, remove_reserved_networks => 0,
    map_key_type_callback => sub { $types{ $_[0] } },
  );
}
my $city = tree('Test-City');
my $de = { iso_code => 'DE', geoname_id => 2921044, is_in_european_union => 1, names => { en => 'Germany', de => 'Deutschland' } };
$city->insert_network('192.0.2.0/24', {
  country => $de,
  city => { geoname_id => 2886242, names => { en => 'Cologne', de => 'Köln' } },
  location => { latitude => 50.9333, longitude => 6.95, accuracy_radius => 20, time_zone => 'Europe/Berlin' },
  subdivisions => [ { iso_code => 'NW', names => { en => 'North Rhine-Westphalia' } } ],
});
$city->insert_network('198.51.100.0/25', { country => { iso_code => 'FR', names => { en => 'France' } } });
$city->insert_network('2001:db8::/33', { country => $de });
$city->insert_network('203.0.113.0/24', { traits => {
  is_anonymous => 0, big => '340282366920938463463374607431768211455', long => '18446744073709551615', raw => "\xff\x00\x80", offset => -5 } });
my $asn = tree('Test-ASN');
$asn->insert_network('192.0.2.0/25', { autonomous_system_number => 64496, autonomous_system_organization => 'Example Net' });
for my $pair ([city => $city], [asn => $asn]) {
  my ($name, $tree) = @$pair;
  open my $file, '>:raw', "$name.mmdb" or die $!;
  $tree->write_tree($file);
}
