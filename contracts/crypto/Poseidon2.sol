// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Field} from "./Field.sol";
import {POSEIDON2_SPONGE} from "./Poseidon2Sponge.sol";

/// @notice Poseidon2 over the scalar field of BN254 (t = 4, 8 full and 56 partial rounds) and the protocol's sponge.
/// @dev The sponge of docs/ARCHITECTURE.md, "Field and hashes": rate 3, the state starts as
/// [0, 0, 0, domain * 2^64 + number of inputs], the result is state[0]. Vectors: test/contracts/poseidon2.test.ts.
library Poseidon2 {
    /// @notice A sponge in memory, by its address; made once by `create`, good for any number of hashes.
    ///   state 4 words | round constants 88 words: 4 rounds of 4, 56 rounds of 1, 4 rounds of 4
    /// @dev The state lives in memory, not in arguments, so that the optimizer keeps one copy of the permutation.
    type Sponge is uint256;

    uint256 private constant P = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001;
    /// @dev Diagonal of the internal matrix minus one (protocol/poseidon2/constants.ts, `internalDiagonal`).
    uint256 private constant D0 = 0x10dc6e9c006ea38b04b1e03b4bd9490c0d03f98929ca1d7fb56821fd19d3b6e7;
    uint256 private constant D1 = 0x0c28145b6a44df3e0149b3d0a30b3bb599df9756d4dd9b84a86b38cfb45a740b;
    uint256 private constant D2 = 0x00544b8338791518b2c7645a50392798b21f75bb60e3596170067d00141cac15;
    uint256 private constant D3 = 0x222c01175718386f2e2e82eb122789e352e105a3b8fa852613bc534433ee428b;

    function create() internal pure returns (Sponge sponge) {
        bytes memory words = POSEIDON2_SPONGE;
        assembly ("memory-safe") {
            sponge := add(words, 32)
        }
    }

    /// @notice Hash of any number of field elements. Reverts with NotAFieldElement.
    function hash(Sponge sponge, uint256 domain, uint256[] memory inputs) internal pure returns (uint256) {
        uint256 length = inputs.length;
        start(sponge, domain, length);
        uint256 i = 0;
        do {
            absorb(sponge, inputOrZero(inputs, i), inputOrZero(inputs, i + 1), inputOrZero(inputs, i + 2));
            i += 3;
        } while (i < length);
        return result(sponge);
    }

    /// @notice Hash of `length` <= 3 field elements, zeros after the last one, in one permutation.
    /// @dev Assumes what it says of `length` and the zeros. Reverts with NotAFieldElement.
    function hash3(
        Sponge sponge,
        uint256 domain,
        uint256 length,
        uint256 x,
        uint256 y,
        uint256 z
    ) internal pure returns (uint256) {
        Field.requireElement(bytes32(x));
        Field.requireElement(bytes32(y));
        Field.requireElement(bytes32(z));
        uint256 tag = (domain << 64) | length;
        // Memory-safe: the sponge's own four words.
        assembly ("memory-safe") {
            mstore(sponge, x)
            mstore(add(sponge, 32), y)
            mstore(add(sponge, 64), z)
            mstore(add(sponge, 96), tag)
        }
        permute(sponge);
        return result(sponge);
    }

    /// @notice Begins the hash of `length` elements; `absorb` and `result` complete it.
    function start(Sponge sponge, uint256 domain, uint256 length) internal pure {
        uint256 tag = (domain << 64) | length;
        // Memory-safe: the sponge's own four words.
        assembly ("memory-safe") {
            mstore(sponge, 0)
            mstore(add(sponge, 32), 0)
            mstore(add(sponge, 64), 0)
            mstore(add(sponge, 96), tag)
        }
    }

    /// @notice Takes in the next three elements, zeros after the last one. Reverts with NotAFieldElement.
    function absorb(Sponge sponge, uint256 x, uint256 y, uint256 z) internal pure {
        Field.requireElement(bytes32(x));
        Field.requireElement(bytes32(y));
        Field.requireElement(bytes32(z));
        // Memory-safe: the sponge's own words. The state is reduced, so the sums stay below 2p.
        assembly ("memory-safe") {
            mstore(sponge, addmod(mload(sponge), x, P))
            mstore(add(sponge, 32), addmod(mload(add(sponge, 32)), y, P))
            mstore(add(sponge, 64), addmod(mload(add(sponge, 64)), z, P))
        }
        permute(sponge);
    }

    /// @notice The first element of the state.
    function result(Sponge sponge) internal pure returns (uint256 element) {
        assembly ("memory-safe") {
            element := mload(sponge)
        }
    }

    /// @notice Permutes the state in place. Assumes reduced elements, and leaves such.
    /// @dev 5p < 2^256 < 6p, so a plain sum of up to 5p cannot wrap; addmod and mulmod never do. In units of p: a full
    /// round takes elements < 2 (with a constant < 3) and leaves them < 1, its largest plain sum being 4; a partial round
    /// takes elements < 2 (with a constant < 3), its largest plain sum is 2 + 2, and it leaves mulmod + sum < 2. The last
    /// full round leaves them reduced. Rounds are written out because a call costs more than a round's S-box.
    function permute(Sponge sponge) internal pure {
        // Memory-safe: reads the sponge, writes its four words.
        assembly ("memory-safe") {
            let s0 := mload(sponge)
            let s1 := mload(add(sponge, 32))
            let s2 := mload(add(sponge, 64))
            let s3 := mload(add(sponge, 96))

            // External matrix, rows 5 7 1 3 | 4 6 1 1 | 1 3 5 7 | 1 1 4 6, in the additions of the paper's section 5.1.
            {
                let ab := add(s0, s1)
                let de := add(s2, s3)
                let t2 := add(add(s1, s1), de)
                let t3 := add(add(s3, s3), ab)
                s3 := addmod(mulmod(de, 4, P), t3, P)
                s1 := addmod(mulmod(ab, 4, P), t2, P)
                s0 := addmod(t3, s1, P)
                s2 := addmod(t2, s3, P)
            }

            let at := add(sponge, 128)
            let end := add(at, 512)
            for {} lt(at, end) {
                at := add(at, 128)
            } {
                {
                    let x := add(s0, mload(at))
                    let x2 := mulmod(x, x, P)
                    s0 := mulmod(mulmod(x2, x2, P), x, P)
                }
                {
                    let x := add(s1, mload(add(at, 32)))
                    let x2 := mulmod(x, x, P)
                    s1 := mulmod(mulmod(x2, x2, P), x, P)
                }
                {
                    let x := add(s2, mload(add(at, 64)))
                    let x2 := mulmod(x, x, P)
                    s2 := mulmod(mulmod(x2, x2, P), x, P)
                }
                {
                    let x := add(s3, mload(add(at, 96)))
                    let x2 := mulmod(x, x, P)
                    s3 := mulmod(mulmod(x2, x2, P), x, P)
                }
                {
                    let ab := add(s0, s1)
                    let de := add(s2, s3)
                    let t2 := add(add(s1, s1), de)
                    let t3 := add(add(s3, s3), ab)
                    s3 := addmod(mulmod(de, 4, P), t3, P)
                    s1 := addmod(mulmod(ab, 4, P), t2, P)
                    s0 := addmod(t3, s1, P)
                    s2 := addmod(t2, s3, P)
                }
            }

            end := add(at, 1792)
            for {} lt(at, end) {
                at := add(at, 256)
            } {
                // Eight rounds: an S-box on s0, then the internal matrix.
                let x, x2, sum
                x := add(s0, mload(at))
                x2 := mulmod(x, x, P)
                s0 := mulmod(mulmod(x2, x2, P), x, P)
                sum := addmod(add(s0, s1), add(s2, s3), P)
                s0 := add(mulmod(s0, D0, P), sum)
                s1 := add(mulmod(s1, D1, P), sum)
                s2 := add(mulmod(s2, D2, P), sum)
                s3 := add(mulmod(s3, D3, P), sum)
                x := add(s0, mload(add(at, 32)))
                x2 := mulmod(x, x, P)
                s0 := mulmod(mulmod(x2, x2, P), x, P)
                sum := addmod(add(s0, s1), add(s2, s3), P)
                s0 := add(mulmod(s0, D0, P), sum)
                s1 := add(mulmod(s1, D1, P), sum)
                s2 := add(mulmod(s2, D2, P), sum)
                s3 := add(mulmod(s3, D3, P), sum)
                x := add(s0, mload(add(at, 64)))
                x2 := mulmod(x, x, P)
                s0 := mulmod(mulmod(x2, x2, P), x, P)
                sum := addmod(add(s0, s1), add(s2, s3), P)
                s0 := add(mulmod(s0, D0, P), sum)
                s1 := add(mulmod(s1, D1, P), sum)
                s2 := add(mulmod(s2, D2, P), sum)
                s3 := add(mulmod(s3, D3, P), sum)
                x := add(s0, mload(add(at, 96)))
                x2 := mulmod(x, x, P)
                s0 := mulmod(mulmod(x2, x2, P), x, P)
                sum := addmod(add(s0, s1), add(s2, s3), P)
                s0 := add(mulmod(s0, D0, P), sum)
                s1 := add(mulmod(s1, D1, P), sum)
                s2 := add(mulmod(s2, D2, P), sum)
                s3 := add(mulmod(s3, D3, P), sum)
                x := add(s0, mload(add(at, 128)))
                x2 := mulmod(x, x, P)
                s0 := mulmod(mulmod(x2, x2, P), x, P)
                sum := addmod(add(s0, s1), add(s2, s3), P)
                s0 := add(mulmod(s0, D0, P), sum)
                s1 := add(mulmod(s1, D1, P), sum)
                s2 := add(mulmod(s2, D2, P), sum)
                s3 := add(mulmod(s3, D3, P), sum)
                x := add(s0, mload(add(at, 160)))
                x2 := mulmod(x, x, P)
                s0 := mulmod(mulmod(x2, x2, P), x, P)
                sum := addmod(add(s0, s1), add(s2, s3), P)
                s0 := add(mulmod(s0, D0, P), sum)
                s1 := add(mulmod(s1, D1, P), sum)
                s2 := add(mulmod(s2, D2, P), sum)
                s3 := add(mulmod(s3, D3, P), sum)
                x := add(s0, mload(add(at, 192)))
                x2 := mulmod(x, x, P)
                s0 := mulmod(mulmod(x2, x2, P), x, P)
                sum := addmod(add(s0, s1), add(s2, s3), P)
                s0 := add(mulmod(s0, D0, P), sum)
                s1 := add(mulmod(s1, D1, P), sum)
                s2 := add(mulmod(s2, D2, P), sum)
                s3 := add(mulmod(s3, D3, P), sum)
                x := add(s0, mload(add(at, 224)))
                x2 := mulmod(x, x, P)
                s0 := mulmod(mulmod(x2, x2, P), x, P)
                sum := addmod(add(s0, s1), add(s2, s3), P)
                s0 := add(mulmod(s0, D0, P), sum)
                s1 := add(mulmod(s1, D1, P), sum)
                s2 := add(mulmod(s2, D2, P), sum)
                s3 := add(mulmod(s3, D3, P), sum)
            }

            end := add(at, 512)
            for {} lt(at, end) {
                at := add(at, 128)
            } {
                {
                    let x := add(s0, mload(at))
                    let x2 := mulmod(x, x, P)
                    s0 := mulmod(mulmod(x2, x2, P), x, P)
                }
                {
                    let x := add(s1, mload(add(at, 32)))
                    let x2 := mulmod(x, x, P)
                    s1 := mulmod(mulmod(x2, x2, P), x, P)
                }
                {
                    let x := add(s2, mload(add(at, 64)))
                    let x2 := mulmod(x, x, P)
                    s2 := mulmod(mulmod(x2, x2, P), x, P)
                }
                {
                    let x := add(s3, mload(add(at, 96)))
                    let x2 := mulmod(x, x, P)
                    s3 := mulmod(mulmod(x2, x2, P), x, P)
                }
                {
                    let ab := add(s0, s1)
                    let de := add(s2, s3)
                    let t2 := add(add(s1, s1), de)
                    let t3 := add(add(s3, s3), ab)
                    s3 := addmod(mulmod(de, 4, P), t3, P)
                    s1 := addmod(mulmod(ab, 4, P), t2, P)
                    s0 := addmod(t3, s1, P)
                    s2 := addmod(t2, s3, P)
                }
            }

            mstore(sponge, s0)
            mstore(add(sponge, 32), s1)
            mstore(add(sponge, 64), s2)
            mstore(add(sponge, 96), s3)
        }
    }

    function inputOrZero(uint256[] memory inputs, uint256 i) private pure returns (uint256) {
        return i < inputs.length ? inputs[i] : 0;
    }
}
