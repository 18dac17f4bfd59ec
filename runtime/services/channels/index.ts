/** Channels: how scripts in different threads talk to each other. */
export { createChannels } from './local.ts';
export { Channel, type Parcel, ParcelCode, ParcelTable } from './parcel.ts';
export { connectChannels } from './remote.ts';
export { type ChannelCase, ChannelError, type ChannelService } from './service.ts';
